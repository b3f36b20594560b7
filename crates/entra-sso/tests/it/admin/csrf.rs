//! Every change comes from our own origin.

use entra_sso::testing::TestUser;

use super::{Stand, ask};

type Case = (&'static str, &'static [(&'static str, &'static str)], u16);

const CASES: &[Case] = &[
    ("our own form", &[("sec-fetch-site", "same-origin")], 303),
    ("an old browser's own form", &[("origin", "http://localhost:8000")], 303),
    ("same-origin, whatever the origin says", &[("sec-fetch-site", "same-origin"), ("origin", "null")], 303),
    ("nothing", &[], 403),
    ("null", &[("origin", "null")], 403),
    ("another site", &[("sec-fetch-site", "cross-site")], 403),
    ("a sibling", &[("sec-fetch-site", "same-site")], 403),
    ("typed", &[("sec-fetch-site", "none")], 403),
    ("another site with our origin", &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8000")], 403),
    ("another origin", &[("origin", "http://localhost:8001")], 403),
    ("another scheme", &[("origin", "https://localhost:8000")], 403),
    ("another host", &[("origin", "http://evil.test")], 403),
    ("our host in another's", &[("origin", "http://localhost:8000.evil.test")], 403),
    ("twice", &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")], 403),
    ("two origins", &[("origin", "http://localhost:8000"), ("origin", "http://evil.test")], 403),
];

#[tokio::test]
async fn f68_l2_a_change_comes_from_our_own_origin() {
    for (name, headers, expected) in CASES {
        let stand = Stand::new();
        let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
        let _adele = stand.sign_in(TestUser::new("adele@contoso.example")).await;
        let adele = stand.user("adele@contoso.example").await;
        for (path, form) in [
            (format!("/admin/users/{}/give_staff", adele.id), ""),
            (format!("/admin/users/{}/end_sessions", adele.id), ""),
            (format!("/admin/users/{}/delete", adele.id), "confirmed=yes"),
            ("/admin/prepare/".to_owned(), "upn=new@contoso.example"),
        ] {
            let answer = ask(&stand.router, "POST", &path, Some(&root), form, headers).await;
            assert_eq!(answer.status, *expected, "{name}: {path}: {}", answer.body);
        }
        let after = stand.by_id(&adele.id).await;
        assert_eq!(after.is_none(), *expected == 303, "{name}");
        assert!(after.is_none_or(|user| user == adele), "{name}");
    }
}

#[tokio::test]
async fn a_look_from_elsewhere_asks_nobody() {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
    let answer =
        ask(&stand.router, "POST", "/admin/findings/", Some(&staff), "", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(answer.status, 403);
}
