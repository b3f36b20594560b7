use bytes::Bytes;
use http::{Request, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use url::Url;

use crate::{
    graph::{
        Graph,
        error::{GraphError, GraphErrorKind},
    },
    guid::Guid,
    http_client::Endpoint,
    json,
    token::TokenSet,
};

/// The most that one page may be, in bytes: some 25,000 groups. Graph gives out at most 11,000.
const PAGE_LIMIT: usize = 1024 * 1024;
/// The most pages that are asked for.
const MOST_PAGES: usize = 10;
const JSON: &str = "application/json";

/// A part of the list.
struct Page {
    ids: Vec<Guid>,
    next: Option<String>,
}

impl Graph {
    /// The object ids of the security groups and directory roles that the user is a member of, directly or through other
    /// groups (`POST /me/getMemberObjects`, which needs `User.Read`;
    /// <https://learn.microsoft.com/graph/api/directoryobject-getmemberobjects>).
    ///
    /// This is where to ask when a token says that it has no room for the groups
    /// ([`Groups::Overage`](crate::token::Groups::Overage)). The address that such a token names for it is not looked at.
    ///
    /// # Errors
    /// No answer, a refusal, an answer that is no list of GUIDs, one that leads away from this Graph, or more than ten
    /// pages. Personal accounts are refused by Graph.
    pub async fn member_objects(&self, tokens: &TokenSet) -> Result<Vec<Guid>, GraphError> {
        let body = Bytes::from_static(br#"{"securityEnabledOnly":true}"#);
        let first = Request::post(format!("{}v1.0/me/getMemberObjects", self.base)).header(CONTENT_TYPE, JSON);
        let mut page = self.page(first, body, tokens).await?;
        let mut ids = page.ids;
        for _ in 1..MOST_PAGES {
            let Some(next) = page.next else { return Ok(ids) };
            page = self.page(Request::get(self.own(&next)?.as_str()), Bytes::new(), tokens).await?;
            ids.append(&mut page.ids);
        }
        match page.next {
            None => Ok(ids),
            Some(_) => Err(invalid(format!("the list has more than {MOST_PAGES} pages"))),
        }
    }

    async fn page(&self, request: http::request::Builder, body: Bytes, tokens: &TokenSet) -> Result<Page, GraphError> {
        let request = request.extension(Endpoint::GraphGroups);
        let response = self.send(request, JSON, body, tokens, PAGE_LIMIT).await?;
        if response.status() != StatusCode::OK {
            return Err(GraphError::refused(&response));
        }
        Page::read(response.body()).map_err(invalid)
    }

    /// The address of a further page, if it is below this Graph's own: the token goes nowhere else.
    pub(super) fn own(&self, next: &str) -> Result<Url, GraphError> {
        let url = Url::parse(next).map_err(|_| invalid("the address of the next page is none".to_owned()))?;
        let below = format!("{}v1.0/", self.base.path());
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if plain && url.origin() == self.base.origin() && url.path().starts_with(&below) {
            return Ok(url);
        }
        let host = url.host_str().unwrap_or("no host");
        Err(invalid(format!("the next page is not below {}, but at {host}", self.base)))
    }
}

impl Page {
    fn read(body: &[u8]) -> Result<Page, String> {
        let document = json::object(body)?;
        let Some(Value::Array(value)) = document.get("value") else { return Err("`value` is not a list".to_owned()) };
        let ids = value.iter().map(|id| id.as_str().and_then(Guid::read)).collect::<Option<_>>();
        let ids = ids.ok_or_else(|| "`value` has an entry that is not a GUID".to_owned())?;
        let next = json::optional_str(&document, "@odata.nextLink")?.map(str::to_owned);
        Ok(Page { ids, next })
    }
}

fn invalid(detail: String) -> GraphError {
    GraphError::new(GraphErrorKind::Invalid, detail)
}
