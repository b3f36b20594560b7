//! Updates change what they name, and nothing else.

use super::{Contract, entra_key, moment, new_user, with_account};
use crate::users::{
    Change, Grant, GrantChange, Grants, MicrosoftAccount, NewUser, Picture, User, UserId, UserLookup, UserStore,
    UserUpdate,
};

impl<T: UserStore> Contract<T> {
    pub(super) async fn updates_what_is_named(&self) {
        let user =
            self.create_new(NewUser { email: Some("a@b.example".to_owned()), ..with_account(&entra_key()) }).await;
        let same = self.update(UserUpdate::of(user.id.clone())).await;
        assert_eq!(same.as_ref(), Some(&user), "update: nothing named, nothing changed");

        let mut update = UserUpdate::of(user.id.clone());
        update.first_name = Some("Adele".to_owned());
        update.staff = GrantChange::set(Grant::List, true);
        update.last_login = Some(moment(99));
        update.locale = Change::Set("fr-FR".to_owned());
        let mut expected = user.clone();
        update.apply_to(&mut expected);
        let changed = self.update(update).await;
        assert_eq!(changed.as_ref(), Some(&expected), "update: names, permissions, login, locale");
        assert_eq!(expected.email.as_deref(), Some("a@b.example"), "update: an address that was not named is erased");
        assert_eq!(self.find(UserLookup::Id(user.id.clone())).await, Some(expected), "find after update");

        let mut update = UserUpdate::of(user.id.clone());
        update.email = Change::Set("c@d.example".to_owned());
        update.last_name = Some("Vance".to_owned());
        update.is_active = Some(false);
        update.staff = GrantChange::set(Grant::List, false);
        update.superuser = GrantChange::set(Grant::Admin, true);
        update.user_principal_name = Change::Set("c@d.example".to_owned());
        let changed = self.update(update).await.expect("update: the user exists");
        assert_eq!(
            (changed.email.as_deref(), &*changed.last_name, changed.is_active, changed.staff, changed.superuser),
            (Some("c@d.example"), "Vance", false, Grants::NONE, Grants::of(Grant::Admin)),
            "update: every field"
        );
        let account = changed.account.expect("update: the account stays");
        assert_eq!(
            (account.user_principal_name.as_deref(), account.locale.as_deref()),
            (Some("c@d.example"), Some("fr-FR")),
            "update: the account's fields"
        );
        assert_eq!(self.update(UserUpdate::of(UserId::random())).await, None, "update: a user who does not exist");
    }

    /// F-41.
    pub(super) async fn keeps_pictures(&self) {
        let first = Picture::new("image/png", vec![0x89; 70_000]).expect("a type that is served");
        let second = Picture::new("image/jpeg", &[0xff, 0xd8][..]).expect("a type that is served");
        let user = self.create_new(NewUser { picture: Some(first.clone()), ..with_account(&entra_key()) }).await;
        assert!(has_picture(&user), "create: has_picture");
        assert_eq!(self.picture(&user.id).await, Some(first.clone()), "picture after create");

        let mut update = UserUpdate::of(user.id.clone());
        update.first_name = Some("Adele".to_owned());
        let updated = self.update(update.clone()).await.expect("update: the user exists");
        assert!(has_picture(&updated), "update: a picture that was not named is gone");
        assert_eq!(self.picture(&user.id).await, Some(first), "picture after an update that does not name it");
        update.picture = Change::Set(second.clone());
        self.update(update).await;
        assert_eq!(self.picture(&user.id).await, Some(second.clone()), "picture after an update that names it");

        let without = self.create_new(with_account(&entra_key())).await;
        assert!(!has_picture(&without), "create: has_picture without a picture");
        assert_eq!(self.picture(&without.id).await, None, "picture of a user without one");
        assert_eq!(self.picture(&UserId::random()).await, None, "picture of a user who does not exist");

        let mut update = UserUpdate::of(without.id.clone());
        update.picture = Change::Set(second.clone());
        let updated = self.update(update).await.expect("update: the user exists");
        assert!(has_picture(&updated), "update: has_picture after the first picture");

        let mut claimed = with_account(&entra_key());
        claimed.account = claimed.account.map(|account| MicrosoftAccount { has_picture: true, ..account });
        let claimed = self.create_new(claimed).await;
        assert!(!has_picture(&claimed), "create: has_picture is what is kept, not what was claimed");

        let prepared = self.create_new(NewUser { picture: Some(second), ..new_user() }).await;
        assert_eq!(self.picture(&prepared.id).await, None, "a picture is kept only together with an account");
    }
}

fn has_picture(user: &User) -> bool {
    user.account.as_ref().is_some_and(|account| account.has_picture)
}
