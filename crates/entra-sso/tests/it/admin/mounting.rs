//! Where the admin stands, and what it says when something is missing.

use std::sync::Arc;

use axum::Router;
use entra_sso::{
    EntraSso,
    testing::TestUser,
    users::{MemoryUsers, UserDirectory as _, UserQuery},
};
use http::HeaderValue;

use super::{OWN, Stand, ask, settings};

async fn of(router: &Router, path: &str, cookie: &HeaderValue) -> (u16, String) {
    let answer = ask(router, "GET", path, Some(cookie), "", &[]).await;
    (answer.status, answer.body.replace("&#x2f;", "/"))
}

#[tokio::test]
async fn links_follow_the_path_that_the_browser_sees() {
    let users = Arc::new(MemoryUsers::new());
    let sso = EntraSso::builder(settings()).managed_users(users.clone()).build().unwrap();
    let root = TestUser::new("root@contoso.example").superuser().cookie(&sso).await.unwrap();
    let id = users.search(UserQuery::new()).await.unwrap().users[0].id.clone();
    let nested = Router::new()
        .nest("/portal", Router::new().merge(sso.admin("/people")).merge(Router::new()))
        .layer(sso.layer());
    let at_root = Router::new().nest("/people", sso.admin("")).layer(sso.layer());
    let alone = sso.admin::<()>("/admin/");
    for (router, base) in [(&nested, "/portal/people"), (&at_root, "/people"), (&alone, "/admin")] {
        for path in [base.to_owned(), format!("{base}/users/{id}/"), format!("{base}/findings")] {
            let (status, body) = of(router, &path, &root).await;
            assert_eq!(status, 200, "{path}");
            assert!(body.contains(&format!("href=\"{base}/prepare/\"")), "{path}: {body}");
        }
        let answer = ask(router, "POST", &format!("{base}/users/{id}/give_staff"), Some(&root), "", &OWN).await;
        assert_eq!(answer.location(), format!("{base}/users/{id}/"));
        let stranger = ask(router, "GET", &format!("{base}/findings/"), None, "", &[]).await;
        let next = format!("{base}/findings/").replace('/', "%2F");
        assert_eq!(stranger.location(), format!("/microsoft_sso/login/?next={next}"));
    }
}

/// Users that cannot be looked through.
struct Plain(Arc<MemoryUsers>);

impl entra_sso::users::UserStore for Plain {
    async fn find(
        &self,
        lookup: entra_sso::users::UserLookup,
    ) -> Result<Option<entra_sso::users::User>, entra_sso::StoreError> {
        self.0.find(lookup).await
    }

    async fn create(
        &self,
        user: entra_sso::users::NewUser,
    ) -> Result<entra_sso::users::Created, entra_sso::StoreError> {
        self.0.create(user).await
    }

    async fn link(&self, link: entra_sso::users::Link) -> Result<entra_sso::users::Linked, entra_sso::StoreError> {
        self.0.link(link).await
    }

    async fn update(
        &self,
        update: entra_sso::users::UserUpdate,
    ) -> Result<entra_sso::users::Updated, entra_sso::StoreError> {
        self.0.update(update).await
    }

    async fn picture(
        &self,
        user: &entra_sso::users::UserId,
    ) -> Result<Option<entra_sso::users::Picture>, entra_sso::StoreError> {
        self.0.picture(user).await
    }
}

#[tokio::test]
async fn without_a_store_that_can_be_looked_through_the_operator_is_told() {
    let sso = EntraSso::builder(settings()).users(Plain(Arc::new(MemoryUsers::new()))).build().unwrap();
    let router = super::application(&sso);
    let root = TestUser::new("root@contoso.example").superuser().cookie(&sso).await.unwrap();
    let (status, body) = of(&router, "/admin/", &root).await;
    assert_eq!(status, 500);
    assert!(body.contains("E378-") && body.contains("The people who run this application have to act"), "{body}");
}

#[tokio::test]
async fn switched_off_there_are_no_pages() {
    let mut settings = settings();
    settings.enabled = false;
    let sso = EntraSso::builder(settings).build().unwrap();
    let router: Router = sso.admin("/admin");
    assert_eq!(ask(&router, "GET", "/admin/", None, "", &[]).await.status, 404);
}

#[tokio::test]
async fn k13_a_session_of_another_instance_opens_nothing() {
    let (here, there) = (Stand::new(), Stand::new());
    let root = there.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let answer = here.get("/admin/", &root).await;
    assert_eq!((answer.status, answer.location()), (303, "/microsoft_sso/login/?next=%2Fadmin%2F"));
    for path in ["//admin/", "/%61dmin/", "/admin//", "/ADMIN/"] {
        let answer = ask(&here.router, "GET", path, Some(&root), "", &[]).await;
        assert_ne!(answer.status, 200, "{path}");
    }
}

#[test]
#[should_panic(expected = "expected a path such as")]
fn a_path_begins_with_a_slash() {
    let sso = EntraSso::builder(settings()).build().unwrap();
    let _router: Router = sso.admin("admin");
}
