//! Lists of users.

use entra_sso::{
    StoreError,
    users::{User, UserPage, UserQuery},
};

use super::{
    Users, name_key,
    queries::{self, Listing},
    row,
};
use crate::{
    backend::{Backend, Columns as _, Statements},
    connections::away,
    value::Value,
};

/// A text that matches more users than this is common.
const FEW: i64 = 1_000;

impl<B: Backend> Users<B> {
    pub(crate) async fn search(&self, query: UserQuery) -> Result<UserPage, StoreError> {
        let listing = queries::listing(query.only)
            .ok_or_else(|| StoreError::new("this store does not know how to list users this way"))?;
        let limit = query.limit.clamp(1, 500);
        let page = Page { listing, after: query.after.unwrap_or_default().to_ascii_lowercase(), limit };
        let mut line = self.connections.reading();
        match query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => page.of_everybody(&mut line).await,
            Some(text) => page.of_matching(&mut line, &Beginning::of(text)).await,
        }
    }
}

/// Which page of which list.
struct Page {
    listing: &'static Listing,
    after: String,
    limit: u32,
}

/// What is searched for: usernames and addresses without regard to the case of ASCII letters, names to that of any.
struct Beginning {
    ascii: String,
    name: String,
}

impl Page {
    async fn of_everybody(&self, statements: &mut impl Statements) -> Result<UserPage, StoreError> {
        let total = count(statements, self.listing.count, vec![]).await?;
        let users = users(statements, self.listing.page, vec![Value::text(&self.after), self.one_more()]).await?;
        Ok(self.cut(users, Some(total)))
    }

    async fn of_matching(
        &self,
        statements: &mut impl Statements,
        beginning: &Beginning,
    ) -> Result<UserPage, StoreError> {
        let mut values = beginning.bounds();
        values.push(FEW.into());
        if count(statements, queries::PROBE, values).await? > FEW.unsigned_abs() {
            let values = [vec![Value::text(&self.after), self.one_more()], beginning.lengths()].concat();
            let users = users(statements, self.listing.page_of_many, values).await?;
            return Ok(self.cut(users, None));
        }
        let total = count(statements, self.listing.count_of_few, beginning.bounds()).await?;
        let values = [beginning.bounds(), vec![Value::text(&self.after), self.one_more()]].concat();
        let users = users(statements, self.listing.page_of_few, values).await?;
        Ok(self.cut(users, Some(total)))
    }

    /// One user more than the page has, to know whether there is a next one.
    fn one_more(&self) -> Value<'_> {
        (i64::from(self.limit) + 1).into()
    }

    fn cut(&self, mut users: Vec<User>, total: Option<u64>) -> UserPage {
        let limit = self.limit as usize;
        let has_more = users.len() > limit;
        users.truncate(limit);
        let next = users.last().filter(|_| has_more).map(|user| user.username.clone());
        UserPage::new(users, next, total)
    }
}

impl Beginning {
    fn of(text: &str) -> Self {
        let text = text.replace('\0', "");
        Self { ascii: text.to_ascii_lowercase(), name: name_key(&text) }
    }

    /// From the beginning itself to what comes after everything that begins so.
    fn bounds(&self) -> Vec<Value<'_>> {
        let end = |text: &str| Value::owned(format!("{text}\u{10ffff}"));
        vec![Value::text(&self.ascii), end(&self.ascii), Value::text(&self.name), end(&self.name)]
    }

    fn lengths(&self) -> Vec<Value<'_>> {
        let length = |text: &str| i64::try_from(text.chars().count()).unwrap_or(i64::MAX).into();
        vec![length(&self.ascii), Value::text(&self.ascii), length(&self.name), Value::text(&self.name)]
    }
}

async fn users(
    statements: &mut impl Statements,
    sql: &'static str,
    values: Vec<Value<'_>>,
) -> Result<Vec<User>, StoreError> {
    statements.rows(sql, values).await.map_err(away)?.iter().map(row::user).collect()
}

async fn count(statements: &mut impl Statements, sql: &'static str, values: Vec<Value<'_>>) -> Result<u64, StoreError> {
    let rows = statements.rows(sql, values).await.map_err(away)?;
    let row = rows.first().ok_or_else(|| StoreError::corrupt("no answer"))?;
    row.number("count").map(i64::unsigned_abs).map_err(StoreError::corrupt)
}
