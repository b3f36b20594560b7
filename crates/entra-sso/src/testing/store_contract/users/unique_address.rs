//! F-48 and I13: addresses that nobody else may have.

use super::{CROWD, Contract, entra_key, new_user, with_account};
use crate::users::{Change, Created, NewUser, Updated, UserId, UserLookup, UserStore, UserUpdate};

impl<T: UserStore> Contract<T> {
    pub(super) async fn creates_with_a_unique_address(&self) {
        let address = format!("one@{}.example", UserId::random());
        let unique = |email: &str| NewUser { unique_email: true, ..with(email) };
        let created = self.crowd(CROWD, |store, _| store.create_once(unique(&address))).await;
        let new = created.iter().filter(|created| matches!(created, Created::New(_))).count();
        let taken = created.iter().filter(|created| matches!(created, Created::AddressTaken)).count();
        assert_eq!((new, taken), (1, CROWD - 1), "create: {CROWD} users with one unique address at the same time");

        let upper = self.create(unique(&address.to_ascii_uppercase())).await;
        assert_eq!(upper, Created::AddressTaken, "I13: create: a unique address, without regard to case");
        self.create_new(with(&address)).await;
        let third = self.create(unique(&address)).await;
        assert_eq!(third, Created::AddressTaken, "create: also when several have it already");
        for _ in 0..2 {
            self.create_new(NewUser { email: None, ..unique("") }).await;
        }

        let key = entra_key();
        let known = self.create_new(NewUser { email: Some(address.clone()), ..with_account(&key) }).await;
        let again = NewUser { email: Some(address), unique_email: true, ..with_account(&key) };
        assert_eq!(self.create(again).await, Created::Existing(known), "create: the account comes before the address");
    }

    pub(super) async fn updates_to_a_unique_address(&self) {
        let host = UserId::random();
        let [first, second] = [format!("first@{host}.example"), format!("second@{host}.example")];
        let (one, two) = (self.create_new(with(&first)).await, self.create_new(with(&second)).await);
        let to = |id: &UserId, email: &str| UserUpdate {
            email: Change::Set(email.to_owned()),
            first_name: Some("Adele".to_owned()),
            unique_email: true,
            ..UserUpdate::of(id.clone())
        };
        let upper = first.to_ascii_uppercase();
        for (update, email, what) in [
            (to(&two.id, &upper), &second, "an address that another user has stays where it is"),
            (to(&one.id, &upper), &upper, "one's own may be written in another way"),
            (UserUpdate { unique_email: false, ..to(&two.id, &first) }, &first, "it is asked for"),
        ] {
            let changed = self.change(update).await.into_user().expect("update: he exists");
            assert_eq!(changed.email.as_ref(), Some(email), "update: {what}");
            assert_eq!(changed.first_name, "Adele", "update: the rest changes all the same");
            let found = self.find(UserLookup::Id(changed.id.clone())).await;
            assert_eq!(found, Some(changed), "find after update");
        }
        let cleared = UserUpdate { email: Change::Clear, unique_email: true, ..UserUpdate::of(two.id.clone()) };
        let cleared = self.change(cleared).await.into_user().expect("update: he exists");
        assert_eq!(cleared.email, None, "update: an address is erased");

        let wanted = format!("third@{host}.example");
        let ids = [one.id, two.id];
        for round in 0..20 {
            let answers = self.crowd(2, |store, number| store.change_once(to(&ids[number], &wanted))).await;
            let users = answers.into_iter().filter_map(Updated::into_user);
            let have = users.filter(|user| user.email.as_ref() == Some(&wanted)).count();
            assert_eq!(have, 1, "update: round {round}: two users want one unique address at the same time");
            for (id, email) in ids.iter().zip([&first, &second]) {
                self.change(to(id, email)).await.into_user().expect("update: he exists");
            }
        }
    }
}

fn with(email: &str) -> NewUser {
    NewUser { email: Some(email.to_owned()), ..new_user() }
}
