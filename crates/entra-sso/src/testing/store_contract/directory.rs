//! What every store of users must do that can be looked through.

use std::collections::BTreeSet;

use super::users::{Contract, ROUNDS, entra_key, new_user, ok, superuser, with_account};
use crate::users::{
    Deleted, Grant, Grants, NewUser, Picture, Updated, User, UserDirectory, UserFilter, UserId, UserLookup, UserPage,
    UserQuery, UserUpdate,
};

/// Puts a store of users that can be looked through to the test, beside
/// [`user_store_contract`](super::user_store_contract). It must be new and empty.
///
/// # Panics
/// When the store breaks a promise of [`UserDirectory`], with a text that says which.
pub async fn user_directory_contract(store: impl UserDirectory) {
    let contract = Contract::of(store);
    let nobody = contract.search(UserQuery::new()).await;
    assert_eq!((nobody.users.len(), nobody.next), (0, None), "search: a store without users; is it new?");
    contract.remembers_a_superuser_who_was_deleted().await;
    contract.keeps_one_of_two_who_delete_each_other().await;
    contract.deletes_everything_of_a_user().await;
    contract.finds_beginnings().await;
    contract.lists_everybody_once().await;
}

impl<T: UserDirectory> Contract<T> {
    async fn remembers_a_superuser_who_was_deleted(&self) {
        let last = self.create_new(superuser()).await.id;
        assert_eq!(self.delete(&last, true).await, Deleted::LastSuperuser, "K15: the last one is not deleted");
        assert!(self.find(UserLookup::Id(last.clone())).await.is_some(), "K15: nor half deleted");
        assert_eq!(self.delete(&last, false).await, Deleted::Yes, "delete: who is not to be kept is not kept");
        let user = self.create_new(new_user()).await.id;
        let first = UserUpdate { first_superuser: true, ..UserUpdate::of(user.clone()) };
        let again = self.change(first).await.into_user().expect("update: he exists");
        assert!(!again.is_superuser(), "update: the first superuser was deleted, and stays the first");
        assert_eq!(self.delete(&user, true).await, Deleted::Yes, "delete: a plain user");
    }

    async fn keeps_one_of_two_who_delete_each_other(&self) {
        for round in 0..ROUNDS {
            let pair = [self.create_new(superuser()).await.id, self.create_new(superuser()).await.id];
            let answers =
                self.crowd(2, |store, number| store.end_once(pair[number].clone(), round % 2 == number)).await;
            let ended = answers.iter().filter(|ended| **ended).count();
            assert_eq!(ended, 1, "K15: round {round}: two superusers at each other, one remains: {answers:?}");
            for id in &pair {
                let _ = self.delete(id, false).await;
            }
        }
    }

    /// Deletes or deactivates a superuser, unless he is the last one; says whether.
    async fn end_once(self, id: UserId, deactivate: bool) -> bool {
        if deactivate {
            let update = UserUpdate { is_active: Some(false), keep_last_superuser: true, ..UserUpdate::of(id) };
            matches!(self.change(update).await, Updated::Yes(_))
        } else {
            self.delete(&id, true).await == Deleted::Yes
        }
    }

    async fn deletes_everything_of_a_user(&self) {
        let key = entra_key();
        let picture = Picture::new("image/png", &b"\x89PNG"[..]).expect("a type that is served");
        let new = NewUser { picture: Some(picture), ..with_account(&key) };
        let user = self.create_new(new.clone()).await;
        assert_eq!(self.delete(&user.id, true).await, Deleted::Yes, "delete");
        assert_eq!(self.delete(&user.id, true).await, Deleted::Gone, "delete: a user who does not exist");
        assert_eq!(self.find(UserLookup::Id(user.id.clone())).await, None, "find a deleted user");
        assert_eq!(self.find(UserLookup::Account(key)).await, None, "find a deleted user's account");
        assert_eq!(self.picture(&user.id).await, None, "picture of a deleted user");
        let again = self.create_new(new).await;
        assert_ne!(again.id, user.id, "create: an id is never given twice");
        assert_eq!(again.username, user.username, "create: the username is free again");
        assert_eq!(self.delete(&again.id, false).await, Deleted::Yes, "delete");
    }

    async fn finds_beginnings(&self) {
        let person = |username: &str, email: &str, first: &str, last: &str| NewUser {
            email: Some(email.to_owned()),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            ..NewUser::new(username, new_user().date_joined)
        };
        let people = [
            person("Adele@contoso.example", "adele@mail.example", "Adele", "Vance"),
            person("megan@contoso.example", "Team@mail.example", "Megan", "Özdemir"),
            person("per%cent", "under_score@mail.example", "Ädele", "O'Neill"),
        ];
        let mut ids = Vec::new();
        for person in people {
            ids.push(self.create_new(person).await.id);
        }
        for (text, expected) in [
            ("adele", &["Adele@contoso.example"][..]),
            ("  ADELE@c ", &["Adele@contoso.example"]),
            ("vAn", &["Adele@contoso.example"]),
            ("team@", &["megan@contoso.example"]),
            ("MEG", &["megan@contoso.example"]),
            ("özd", &["megan@contoso.example"]),
            ("ÖZDEMIR", &["megan@contoso.example"]),
            ("ädele", &["per%cent"]),
            ("o'n", &["per%cent"]),
            ("per%", &["per%cent"]),
            ("under_", &["per%cent"]),
            ("a", &["Adele@contoso.example"]),
            ("m", &["megan@contoso.example"]),
            ("%", &[]),
            ("_", &[]),
            ("under%", &[]),
            ("contoso", &[]),
            ("nobody", &[]),
            ("'", &[]),
            ("\\", &[]),
            ("adele\u{10ffff}", &[]),
            ("", &["Adele@contoso.example", "megan@contoso.example", "per%cent"]),
            (" ", &["Adele@contoso.example", "megan@contoso.example", "per%cent"]),
        ] {
            let page = self.search(UserQuery { text: Some(text.to_owned()), ..UserQuery::new() }).await;
            assert_eq!(usernames(&page), expected, "search: {text:?}");
            assert!(
                page.total.is_none_or(|total| total == expected.len() as u64),
                "search: {text:?}: {:?}",
                page.total
            );
        }
        let odd = UserQuery { text: Some("a\0dele".to_owned()), after: Some("\0".to_owned()), ..UserQuery::new() };
        let _ = self.search(odd).await;
        for id in ids {
            assert_eq!(self.delete(&id, false).await, Deleted::Yes, "delete");
        }
    }

    async fn lists_everybody_once(&self) {
        let mut users = Vec::new();
        for number in 0..60 {
            users.push(self.create_new(one_of_many(number)).await);
        }
        users.sort_by_key(|user| user.username.to_ascii_lowercase());
        for text in [None, Some("user-"), Some("even")] {
            for only in [
                None,
                Some(UserFilter::Staff),
                Some(UserFilter::Superusers),
                Some(UserFilter::Inactive),
                Some(UserFilter::WithoutAccount),
            ] {
                let is_meant =
                    |user: &&User| (text != Some("even") || user.first_name == "Even") && is_among(only, user);
                let expected: Vec<&User> = users.iter().filter(is_meant).collect();
                let query = UserQuery { text: text.map(str::to_owned), only, limit: 7, ..UserQuery::new() };
                assert_eq!(self.all(query).await.iter().collect::<Vec<_>>(), expected, "search: {text:?}, {only:?}");
            }
        }
        for (limit, expected) in [(0, 1), (1, 1), (59, 59), (60, 60), (10_000, 60)] {
            let page = self.search(UserQuery { limit, ..UserQuery::new() }).await;
            assert_eq!(page.users.len(), expected, "search: a limit of {limit}");
            assert_eq!(page.next.is_some(), expected < 60, "search: whether there is a next page");
        }
        let first = self.search(UserQuery { limit: 7, ..UserQuery::new() }).await;
        let last_of_page = first.users.last().expect("search: a page");
        assert_eq!(self.delete(&last_of_page.id, false).await, Deleted::Yes, "delete");
        let second = self.search(UserQuery { after: first.next, limit: 1, ..UserQuery::new() }).await;
        assert_eq!(second.users.first(), users.get(7), "search: a page after somebody who is gone");
    }

    /// All pages.
    async fn all(&self, mut query: UserQuery) -> Vec<User> {
        let mut all = Vec::new();
        loop {
            let page = self.search(query.clone()).await;
            assert!(page.users.len() <= query.limit as usize, "search: more than were asked for");
            all.extend(page.users);
            let Some(next) = page.next else { break };
            assert!(
                query.after.as_ref() < Some(&next.to_ascii_lowercase()),
                "search: the next page is no step forward"
            );
            query.after = Some(next);
            assert!(page.total.is_none_or(|total| total > all.len() as u64), "search: a total, and yet more");
        }
        let names: BTreeSet<&str> = all.iter().map(|user| user.username.as_str()).collect();
        assert_eq!(names.len(), all.len(), "search: somebody is listed twice");
        all
    }

    async fn search(&self, query: UserQuery) -> UserPage {
        ok(self.store().search(query).await, "search")
    }

    async fn delete(&self, id: &UserId, keep_last_superuser: bool) -> Deleted {
        ok(self.store().delete(id, keep_last_superuser).await, "delete")
    }
}

fn one_of_many(number: usize) -> NewUser {
    let base = if number.is_multiple_of(7) { new_user() } else { with_account(&entra_key()) };
    let every = |divisor: usize, grant| if number.is_multiple_of(divisor) { Grants::of(grant) } else { Grants::NONE };
    NewUser {
        username: if number.is_multiple_of(2) { base.username.to_ascii_uppercase() } else { base.username.clone() },
        first_name: if number.is_multiple_of(2) { "Even" } else { "Odd" }.to_owned(),
        is_active: !number.is_multiple_of(5),
        staff: every(3, Grant::List),
        superuser: every(11, Grant::Role),
        ..base
    }
}

fn is_among(only: Option<UserFilter>, user: &User) -> bool {
    match only {
        None => true,
        Some(UserFilter::Staff) => user.is_staff(),
        Some(UserFilter::Superusers) => user.is_superuser(),
        Some(UserFilter::Inactive) => !user.is_active,
        Some(UserFilter::WithoutAccount) => user.account.is_none(),
    }
}

fn usernames(page: &UserPage) -> Vec<&str> {
    page.users.iter().map(|user| user.username.as_str()).collect()
}
