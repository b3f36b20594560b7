//! K15: one active superuser is always left.

use entra_sso::testing::TestUser;

use super::Stand;

#[tokio::test]
async fn k15_the_last_superuser_stays() {
    for action in ["deactivate", "take_superuser", "delete"] {
        let stand = Stand::new();
        let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
        let before = stand.user("root@contoso.example").await;
        let path = format!("/admin/users/{}/{action}", before.id);
        let answer = stand.post(&path, &root, "confirmed=yes").await;
        let message = stand.told(&answer, &root).await;
        assert!(message.contains("last active superuser"), "{action}: {message}");
        assert_eq!(stand.by_id(&before.id).await, Some(before), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn k15_two_superusers_who_demote_each_other_at_once_leave_one() {
    let stand = Stand::new();
    for round in 0..100 {
        let action = ["take_superuser", "deactivate", "delete"][round % 3];
        let names = ["one", "other"].map(|name| format!("{name}-{round}@contoso.example"));
        let [one, other] = [&names[0], &names[1]].map(|name| TestUser::new(name).superuser());
        let (one, other) = (stand.sign_in(one).await, stand.sign_in(other).await);
        let ids = [stand.user(&names[0]).await.id, stand.user(&names[1]).await.id];
        let paths = ids.each_ref().map(|id| format!("/admin/users/{id}/{action}"));
        let (first, second) =
            tokio::join!(stand.post(&paths[1], &one, "confirmed=yes"), stand.post(&paths[0], &other, "confirmed=yes"));
        // Who comes second is a superuser no more, is not signed in any more, or is told that he would be the last.
        for answer in [&first, &second] {
            assert!(matches!(answer.status, 303 | 403), "round {round}: {}", answer.status);
        }
        let mut left = Vec::new();
        for id in &ids {
            left.extend(stand.by_id(id).await.filter(|user| user.is_active && user.is_superuser()));
        }
        assert_eq!(left.len(), 1, "round {round}: {action}");
        // For the next round there is nobody else.
        let mut update = entra_sso::users::UserUpdate::of(left[0].id.clone());
        update.is_active = Some(false);
        let _updated = entra_sso::users::UserStore::update(&stand.users, update).await.unwrap();
    }
}
