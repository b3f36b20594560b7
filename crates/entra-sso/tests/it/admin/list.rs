//! Search, filters and pages.

use entra_sso::{
    oidc::Timestamp,
    testing::TestUser,
    users::{NewUser, UserStore as _},
};
use http::HeaderValue;

use super::Stand;

async fn stand_with(users: usize) -> (Stand, HeaderValue) {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("zz-staff@contoso.example").staff()).await;
    for number in 0..users {
        let mut new = NewUser::new(format!("user-{number:04}@contoso.example"), Timestamp::from_unix(0));
        new.first_name = format!("First{number}");
        "Last".clone_into(&mut new.last_name);
        new.email = Some(format!("mail-{number:04}@contoso.example"));
        new.is_active = number % 2 == 0;
        let _created = stand.users.create(new).await.unwrap();
    }
    (stand, staff)
}

/// The user names of a page, and where its next page is.
fn rows(body: &str) -> (Vec<String>, Option<String>) {
    let rows = body.split("<tr>").skip(2);
    let names = rows.map(|row| {
        row.split("<td>").nth(1).unwrap().split("</td>").next().unwrap().replace("<bdi>", "").replace("</bdi>", "")
    });
    let next = body.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.split('"').next().unwrap());
    (names.collect(), next.map(|next| next.replace("&amp;", "&").replace("&#x2f;", "/")))
}

#[tokio::test]
async fn f69_every_user_stands_on_exactly_one_page() {
    let (stand, staff) = stand_with(130).await;
    let (mut seen, mut path, mut pages) = (Vec::new(), Some("/admin/".to_owned()), 0);
    while let Some(here) = path {
        let page = stand.get(&here, &staff).await;
        assert_eq!(page.status, 200, "{here}");
        assert!(page.body.contains("131 in all"), "{}", page.body);
        let (names, next) = rows(&page.body);
        seen.extend(names);
        (path, pages) = (next, pages + 1);
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), pages), (131, 3));
    assert_eq!(seen, sorted, "in order, and nobody twice");
}

#[tokio::test]
async fn f69_users_are_found_by_how_a_name_begins() {
    let (stand, staff) = stand_with(30).await;
    for (query, expected) in [
        ("q=user-0003", vec!["user-0003@contoso.example"]),
        ("q=MAIL-0004", vec!["user-0004@contoso.example"]),
        ("q=first29", vec!["user-0029@contoso.example"]),
        ("q=%20zz-staff%20", vec!["zz-staff@contoso.example"]),
        ("q=0003", vec![]),
        ("q=%25", vec![]),
        ("q=_ser-0003", vec![]),
        (
            "q=user-000&only=inactive",
            vec![
                "user-0001@contoso.example",
                "user-0003@contoso.example",
                "user-0005@contoso.example",
                "user-0007@contoso.example",
                "user-0009@contoso.example",
            ],
        ),
        ("only=staff", vec!["zz-staff@contoso.example"]),
        ("only=superusers", vec![]),
        ("q=user-0003%00", vec!["user-0003@contoso.example"]),
    ] {
        let page = stand.get(&format!("/admin/?{query}"), &staff).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(rows(&page.body).0, expected, "{query}");
    }
    let page = stand.get("/admin/?q=nobody+at+all", &staff).await;
    assert!(page.body.contains("Nobody was found."), "{}", page.body);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_left_out() {
    let (stand, staff) = stand_with(3).await;
    let long = "a".repeat(3000);
    for query in ["only=nonsense", "after=", "x=y", "q", &format!("after={long}"), &format!("q={long}"), "%ff=%fe"] {
        let page = stand.get(&format!("/admin/?{query}"), &staff).await;
        assert_eq!((page.status, rows(&page.body).0.len()), (200, 4), "{query}");
    }
}

#[tokio::test]
async fn the_next_page_keeps_search_and_filter() {
    let (stand, staff) = stand_with(240).await;
    let page = stand.get("/admin/?q=user-&only=inactive", &staff).await;
    let next = rows(&page.body).1.expect("a next page");
    assert!(next.starts_with("/admin/?q=user-&only=inactive&after="), "{next}");
    let second = stand.get(&next, &staff).await;
    assert!(second.body.contains("First page"), "{}", second.body);
    assert!(rows(&second.body).0.iter().all(|name| !rows(&page.body).0.contains(name)));
}
