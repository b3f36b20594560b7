//! `/`: all users, a page at a time.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use url::form_urlencoded;

use super::{desk::Desk, moment::Moment, place::Place, texts::Texts};
use crate::{
    refusal::Refusal,
    users::{User, UserFilter, UserQuery},
};

/// The longest text that is looked for, in bytes.
const LONGEST_TEXT: usize = 200;
/// The longest username that a page begins after, in bytes.
const LONGEST_AFTER: usize = 2_048;

/// The filters, by their names in the query and in the texts; none is everybody.
const FILTERS: [(&str, &str, Option<UserFilter>); 5] = [
    ("", "everybody", None),
    ("staff", "only_staff", Some(UserFilter::Staff)),
    ("superusers", "only_superusers", Some(UserFilter::Superusers)),
    ("inactive", "only_inactive", Some(UserFilter::Inactive)),
    ("without_account", "only_without_account", Some(UserFilter::WithoutAccount)),
];

/// What the query asks for; what makes no sense is left out.
#[derive(Default)]
struct Asked {
    text: String,
    only: &'static str,
    after: Option<String>,
}

#[derive(Serialize)]
struct Page {
    searched: String,
    only: &'static str,
    filters: Vec<Filter>,
    users: Vec<Row>,
    total: Option<u64>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Filter {
    text: String,
    href: String,
    current: bool,
}

/// A user, as far as the list and the marks show him.
#[derive(Serialize)]
pub(super) struct Row {
    href: String,
    name: String,
    username: String,
    email: Option<String>,
    is_active: bool,
    /// `superuser`, `staff`, or nothing.
    permission: &'static str,
    linked: bool,
    last_login: Option<Moment>,
}

pub(super) async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<Response, Refusal> {
    let asked = Asked::of(desk.query());
    let found = desk.directory.search(asked.query()).await?;
    let page = Page {
        filters: asked.filters(&desk.place, &desk.texts),
        users: found.users.iter().map(|user| Row::of(user, &desk.place)).collect(),
        total: found.total,
        first: asked.after.is_some().then(|| asked.link(&desk.place, asked.only, None)),
        next: found.next.map(|next| asked.link(&desk.place, asked.only, Some(&next))),
        searched: asked.text,
        only: asked.only,
    };
    Ok(desk.page(StatusCode::OK, ("list", "list.html"), page))
}

impl Asked {
    fn of(query: &str) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value: String = value.chars().filter(|letter| !letter.is_control()).collect();
            match &*name {
                "q" if value.len() <= LONGEST_TEXT => value.trim().clone_into(&mut asked.text),
                "only" => {
                    asked.only = FILTERS.iter().find(|(known, ..)| *known == value).map_or("", |(known, ..)| known);
                }
                "after" if !value.is_empty() && value.len() <= LONGEST_AFTER => asked.after = Some(value),
                _ => {}
            }
        }
        asked
    }

    fn query(&self) -> UserQuery {
        let mut query = UserQuery::new();
        query.text = Some(self.text.clone()).filter(|text| !text.is_empty());
        query.only = FILTERS.iter().find(|(known, ..)| *known == self.only).and_then(|(_, _, filter)| *filter);
        query.after.clone_from(&self.after);
        query
    }

    fn filters(&self, place: &Place, texts: &Texts) -> Vec<Filter> {
        let filter = |(name, text, _): &(&'static str, &str, _)| Filter {
            text: texts.say(text, &[]),
            href: self.link(place, name, None),
            current: *name == self.only,
        };
        FILTERS.iter().map(filter).collect()
    }

    fn link(&self, place: &Place, only: &str, after: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", self.text.as_str()), ("only", only), ("after", after.unwrap_or_default())] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { place.list() } else { format!("{}?{query}", place.list()) }
    }
}

impl Row {
    pub(super) fn of(user: &User, place: &Place) -> Row {
        Row {
            href: place.user(&user.id),
            name: user.full_name(),
            username: user.username.clone(),
            email: user.email.clone(),
            is_active: user.is_active,
            permission: match (user.is_superuser(), user.is_staff()) {
                (true, _) => "superuser",
                (false, true) => "staff",
                (false, false) => "",
            },
            linked: user.account.is_some(),
            last_login: user.last_login.map(Moment::of),
        }
    }
}
