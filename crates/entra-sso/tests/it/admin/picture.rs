//! A picture is served as a picture and as nothing else.

use entra_sso::{
    oidc::{AccountKey, AccountKind, Timestamp},
    testing::TestUser,
    users::{MicrosoftAccount, NewUser, Picture, UserStore as _},
};

use super::Stand;

#[tokio::test]
async fn z6_a_picture_with_html_in_it_is_a_picture() {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
    for (content_type, name) in [
        ("image/jpeg", "picture.jpg"),
        ("image/png", "picture.png"),
        ("image/gif", "picture.gif"),
        ("image/webp", "picture.webp"),
    ] {
        let mut new = NewUser::new(name, Timestamp::from_unix(0));
        new.account = Some(MicrosoftAccount::new(AccountKey::new(AccountKind::Entra, "tenant", name)));
        new.picture = Picture::new(content_type, "<script>alert(1)</script>".as_bytes().to_vec());
        let id = stand.users.create(new).await.unwrap().into_user().unwrap().id;
        let picture = stand.get(&format!("/admin/users/{id}/picture"), &staff).await;
        assert_eq!(picture.status, 200);
        for (header, expected) in [
            ("content-type", content_type),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", &format!("inline; filename=\"{name}\"")),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(picture.header(header), expected, "{content_type}: {header}");
        }
        let page = stand.get(&format!("/admin/users/{id}/"), &staff).await;
        assert!(
            page.body.contains(&format!("src=\"/admin/users/{id}/picture\"")) || page.body.contains("picture\""),
            "{}",
            page.body
        );
    }
}
