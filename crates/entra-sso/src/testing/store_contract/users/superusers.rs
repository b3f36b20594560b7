//! F-47 and K15: one first superuser for ever, and never none while the last one is to be kept.

use super::{CROWD, Contract, new_user};
use crate::users::{Grant, GrantChange, Grants, NewUser, Updated, User, UserId, UserLookup, UserStore, UserUpdate};

/// How often two superusers are at each other.
pub(in crate::testing::store_contract) const ROUNDS: usize = 100;

impl<T: UserStore> Contract<T> {
    pub(super) async fn makes_one_first_superuser(&self) {
        let mut ids = Vec::new();
        for _ in 0..CROWD {
            ids.push(self.create_new(new_user()).await.id);
        }
        let first = |id: &UserId| UserUpdate { first_superuser: true, ..UserUpdate::of(id.clone()) };
        let gone = self.change(first(&UserId::random())).await;
        assert_eq!(gone, Updated::Gone, "update: nobody is no first superuser");

        let answers = self.crowd(CROWD, |store, number| store.change_once(first(&ids[number]))).await;
        let made: Vec<User> = answers.into_iter().filter_map(Updated::into_user).filter(User::is_superuser).collect();
        let [only] = made.as_slice() else {
            panic!("update: {} first superusers of {CROWD} at the same time; is the store new?", made.len());
        };
        let given = Grants::of(Grant::First);
        assert_eq!((only.staff, only.superuser), (given, given), "update: what the first superuser gets");
        assert_eq!(self.find(UserLookup::Id(only.id.clone())).await.as_ref(), Some(only), "find the first superuser");

        for id in [&only.id, &ids[0], &ids[1]] {
            self.change(plain(&only.id)).await.into_user().expect("update: not to be kept");
            let again = self.change(first(id)).await.into_user().expect("update: he exists");
            assert!(!again.is_superuser(), "update: the first superuser is made once, for ever");
        }
    }

    pub(super) async fn keeps_the_last_superuser(&self) {
        let last = self.create_new(superuser()).await.id;
        let inactive = self.create_new(NewUser { is_active: false, ..superuser() }).await.id;
        let keep = |update: UserUpdate| UserUpdate { keep_last_superuser: true, ..update };
        let before = self.find(UserLookup::Id(last.clone())).await;
        for (update, what) in
            [(plain(&last), "demoted"), (inactive_now(&last), "deactivated"), (both(&last), "deactivated and demoted")]
        {
            let update = UserUpdate { first_name: Some("Eve".to_owned()), ..keep(update) };
            assert_eq!(self.change(update).await, Updated::LastSuperuser, "K15: the last one is not {what}");
            assert_eq!(self.find(UserLookup::Id(last.clone())).await, before, "K15: and nothing of him changes");
        }
        for (update, what) in [
            (UserUpdate { first_name: Some("Eve".to_owned()), ..UserUpdate::of(last.clone()) }, "his name"),
            (UserUpdate { superuser: replaced(), ..UserUpdate::of(last.clone()) }, "what makes him superuser"),
            (plain(&inactive), "a superuser who is not active, and does not count"),
        ] {
            let changed = self.change(keep(update)).await;
            assert!(matches!(changed, Updated::Yes(_)), "K15: what may change is {what}");
        }
        let gone = self.change(keep(plain(&UserId::random()))).await;
        assert_eq!(gone, Updated::Gone, "K15: a user who does not exist");
        let demoted = self.change(plain(&last)).await.into_user().expect("update: he exists");
        assert!(demoted.superuser.is_empty(), "update: who is not to be kept is not kept");
    }

    pub(super) async fn keeps_one_of_two_superusers(&self) {
        let pair = [self.create_new(superuser()).await.id, self.create_new(superuser()).await.id];
        for round in 0..ROUNDS {
            let update = |id: &UserId| UserUpdate {
                keep_last_superuser: true,
                ..if round % 2 == 0 { plain(id) } else { inactive_now(id) }
            };
            let answers = self.crowd(2, |store, number| store.change_once(update(&pair[number]))).await;
            let kept = answers.iter().filter(|answer| matches!(answer, Updated::LastSuperuser)).count();
            assert_eq!(kept, 1, "K15: round {round}: two superusers at each other, one remains: {answers:?}");
            for id in &pair {
                let restored = UserUpdate {
                    is_active: Some(true),
                    superuser: GrantChange::set(Grant::Admin, true),
                    ..UserUpdate::of(id.clone())
                };
                self.change(restored).await.into_user().expect("update: he exists");
            }
        }
        for id in &pair {
            self.change(plain(id)).await.into_user().expect("update: he exists");
        }
    }
}

pub(in crate::testing::store_contract) fn superuser() -> NewUser {
    NewUser { superuser: Grants::of(Grant::Admin), ..new_user() }
}

fn plain(id: &UserId) -> UserUpdate {
    UserUpdate { staff: GrantChange::take_all(), superuser: GrantChange::take_all(), ..UserUpdate::of(id.clone()) }
}

fn inactive_now(id: &UserId) -> UserUpdate {
    UserUpdate { is_active: Some(false), ..UserUpdate::of(id.clone()) }
}

fn both(id: &UserId) -> UserUpdate {
    UserUpdate { is_active: Some(false), ..plain(id) }
}

/// Another source for the one that is taken.
fn replaced() -> GrantChange {
    GrantChange::take_all().and(Grant::Role, true)
}
