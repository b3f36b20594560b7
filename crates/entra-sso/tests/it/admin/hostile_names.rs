//! Z6: what people call themselves is text.

use entra_oidc::{AccountKey, AccountKind};
use entra_sso::{
    oidc as entra_oidc,
    oidc::Timestamp,
    testing::TestUser,
    users::{MicrosoftAccount, NewUser, UserStore as _},
};

use super::Stand;

const NAMES: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'onmouseover='alert(1)",
    "</style></title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "{name}{count}",
];

#[tokio::test]
async fn z6_names_are_text_on_every_page() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    for name in NAMES {
        let mut new = NewUser::new(name, Timestamp::from_unix(0));
        name.clone_into(&mut new.first_name);
        new.email = Some(name.to_owned());
        let mut account = MicrosoftAccount::new(AccountKey::new(AccountKind::OpenId, name, name));
        account.user_principal_name = Some(name.to_owned());
        account.locale = Some(name.to_owned());
        new.account = Some(account);
        let id = stand.users.create(new).await.unwrap().into_user().unwrap().id;
        let query = name.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        let mut pages =
            vec!["/admin/".to_owned(), format!("/admin/?q={query}"), format!("/admin/?only={query}&after={query}")];
        pages.push(format!("/admin/users/{id}/"));
        pages.extend(
            ["delete", "deactivate", "give_staff", "end_sessions"].map(|action| format!("/admin/users/{id}/{action}")),
        );
        for path in &pages {
            let page = stand.get(path, &root).await;
            assert_eq!(page.status, 200, "{path}");
            harmless(&page.body, path);
        }
        let answer = stand.post(&format!("/admin/users/{id}/give_staff"), &root, "").await;
        let message = stand.told(&answer, &root).await;
        harmless(&message, name);
        assert!(message.contains("is staff"), "{message}");
    }
}

#[tokio::test]
async fn z6_what_a_form_is_given_comes_back_as_text() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    for name in NAMES {
        let query = name.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        let form = ["tenant", "object_id", "upn", "first_name", "last_name", "email"]
            .map(|field| format!("{field}={query}"))
            .join("&");
        let page = stand.post("/admin/prepare/", &root, &form).await;
        assert_eq!(page.status, 422, "{name}");
        harmless(&page.body, name);
    }
}

/// No tag, attribute or expression of a name became one of the page.
fn harmless(page: &str, about: &str) {
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    for tag in ["<script", "<img src=x", "<svg", "</style>", "'onmouse"] {
        assert!(!body.contains(tag), "{about}: {tag} in {body}");
    }
    assert!(!body.contains("49{%"), "{about}");
}
