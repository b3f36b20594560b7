//! `entra-sso users list`.

use entra_sso::users::{User, UserDirectory, UserPage, UserQuery};
use serde_json::json;

use super::{
    arguments::ListArguments,
    away,
    text::{date, plain, user_json},
};
use crate::failure::Failure;

pub(super) async fn run(arguments: &ListArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let mut query = UserQuery::new();
    query.text.clone_from(&arguments.search);
    query.only = arguments.only.map(Into::into);
    query.after.clone_from(&arguments.after);
    query.limit = arguments.limit;
    let page = users.search(query).await.map_err(away)?;
    if arguments.json {
        let users: Vec<_> = page.users.iter().map(user_json).collect();
        println!("{:#}", json!({ "users": users, "next": page.next, "total": page.total }));
    } else {
        print!("{}", text(&page));
    }
    Ok(())
}

fn text(page: &UserPage) -> String {
    let width = page.users.iter().map(|user| plain(&user.username).chars().count()).max().unwrap_or_default();
    let mut lines: Vec<String> = page.users.iter().map(|user| line(user, width)).collect();
    match (page.total, page.users.len()) {
        (_, 0) => lines.push("no user".to_owned()),
        (Some(1), _) => lines.push("1 user".to_owned()),
        (Some(total), _) => lines.push(format!("{total} users")),
        (None, _) => {}
    }
    if let Some(next) = &page.next {
        lines.push(format!("more: --after {}", plain(next)));
    }
    lines.join("\n") + "\n"
}

fn line(user: &User, width: usize) -> String {
    let about: Vec<String> = [
        Some(format!("{} {}", user.first_name, user.last_name)).filter(|name| !name.trim().is_empty()),
        user.email.clone().filter(|email| *email != user.username),
        user.is_superuser().then(|| "superuser".to_owned()),
        (user.is_staff() && !user.is_superuser()).then(|| "staff".to_owned()),
        (!user.is_active).then(|| "not active".to_owned()),
        user.account.is_none().then(|| "has not come yet".to_owned()),
        user.last_login.map(|login| format!("last here {}", date(login))),
    ]
    .into_iter()
    .flatten()
    .map(|part| plain(&part).trim().to_owned())
    .collect();
    format!("{:<width$}  {}", plain(&user.username), about.join(", ")).trim_end().to_owned()
}
