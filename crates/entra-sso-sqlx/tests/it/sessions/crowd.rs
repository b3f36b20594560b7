//! Many sign-ins at the same time: each is answered, and no database is "locked".

use std::sync::Arc;

use entra_sso::{
    oidc::{AccountKey, AccountKind, Timestamp},
    session::{Mark, SessionBody, SessionKey, SessionStore as _, StoredSession, UsedStates as _},
    users::{MicrosoftAccount, NewUser, UserId, UserStore as _, UserUpdate},
};
use entra_sso_sqlx::Database;
use tokio::task::JoinSet;

use crate::{databases, scratch::Scratch};

const CROWD: usize = 64;
const ROUNDS: usize = 10;

/// What a sign-in does to the stores, at two replicas.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_sign_in_at_the_same_time() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let open = async || Database::open(&url).await.expect("opened");
        let replicas = Arc::new([open().await, open().await]);
        let mut crowd = JoinSet::new();
        for number in 0..CROWD {
            let replicas = replicas.clone();
            crowd.spawn(async move {
                for round in 0..ROUNDS {
                    sign_in(&replicas[(number + round) % 2], number).await;
                }
            });
        }
        crowd.join_all().await;
        let sessions = databases::count(&url, "entra_sso_session").await;
        assert_eq!(sessions, (CROWD * ROUNDS) as u64);
        assert_eq!(databases::count(&url, "entra_sso_user").await, CROWD as u64);
    }
}

async fn sign_in(database: &Database, number: usize) {
    let deadline = Timestamp::from_unix(i64::MAX / 2);
    let (state, key) = (random(), SessionKey::from_bytes(random()));
    assert_eq!(database.mark(state, deadline).await.expect("marked"), Mark::First);
    let name = format!("user-{number}");
    let mut new = NewUser::new(&name, Timestamp::from_unix(0));
    new.account = Some(MicrosoftAccount::new(AccountKey::new(AccountKind::Entra, "tenant", name)));
    let user = database.create_user(new).await;
    let mut update = UserUpdate::of(user.clone());
    update.last_login = Some(Timestamp::from_unix(1));
    let _ = database.update(update).await.expect("updated");
    let body = SessionBody::Sealed(vec![7; 2_000].into());
    let session = StoredSession::new(user, "authority", deadline, deadline, body);
    entra_sso::session::SessionStore::create(database, key, session).await.expect("created");
    assert!(database.load(&key).await.expect("loaded").is_some());
}

/// One of two `create`s.
trait CreateUser {
    async fn create_user(&self, user: NewUser) -> UserId;
}

impl CreateUser for Database {
    async fn create_user(&self, user: NewUser) -> UserId {
        let created = entra_sso::users::UserStore::create(self, user).await.expect("created");
        created.into_user().expect("a user").id
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(&UserId::random().as_str().as_bytes()[..32]);
    bytes
}
