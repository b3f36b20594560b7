//! Forms on a page, found by a small scanner for start tags.

use std::fmt;

use http::Method;
use url::Url;

use super::error::BrowserError;
use super::navigation::Navigation;

/// A form with the fields as the page filled them in.
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Form {
    /// The form's `id`, or nothing.
    pub id: String,
    /// `action` as written; empty: the page itself.
    pub action: String,
    /// Whether `method` is `post`.
    pub post: bool,
    /// Fields that are sent: names and values.
    pub fields: Vec<(String, String)>,
    /// Submit buttons with a name: names and values.
    pub buttons: Vec<(String, String)>,
}

/// Without values: a form can hold a code.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Form").field("id", &self.id).field("fields", &names).finish_non_exhaustive()
    }
}

impl Form {
    /// Sets a field, whether the page has it or not.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether there is a button with this name and value.
    #[must_use]
    pub fn has_button(&self, name: &str, value: &str) -> bool {
        self.buttons.iter().any(|(button, of)| button == name && of.eq_ignore_ascii_case(value))
    }

    pub(super) fn target(&self, page: &Url) -> Result<Url, BrowserError> {
        page.join(&self.action).map_err(|_| BrowserError::Address(self.action.clone()))
    }

    pub(super) fn navigation(&self, page: &Url) -> Result<Navigation, BrowserError> {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut url = self.target(page)?;
        if self.post {
            return Ok(Navigation::post(page.clone(), url, &fields));
        }
        url.query_pairs_mut().clear().extend_pairs(fields);
        Ok(Navigation { method: Method::GET, initiator: Some(page.clone()), ..Navigation::get(url) })
    }
}

/// Every form of an HTML text.
pub(super) fn scan(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    let mut list: Option<String> = None;
    for tag in Tags(html) {
        match (tag.name.as_str(), &mut open) {
            ("form", _) => {
                forms.extend(open.take());
                let post = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
                let text = |name| tag.get(name).unwrap_or_default().to_owned();
                open = Some(Form { id: text("id"), action: text("action"), post, ..Form::default() });
            }
            ("/form", _) => forms.extend(open.take()),
            ("input" | "button", Some(form)) => add_control(form, &tag),
            ("select", Some(_)) => list = tag.get("name").filter(|_| tag.get("disabled").is_none()).map(str::to_owned),
            ("/select", _) => list = None,
            ("option", Some(form)) => {
                if let Some(list) = &list {
                    add_option(form, list, &tag);
                }
            }
            _ => {}
        }
    }
    forms.extend(open);
    forms
}

/// An attribute of the first element with this name.
pub(super) fn attribute(html: &str, element: &str, name: &str) -> Option<String> {
    Tags(html).find(|tag| tag.name == element)?.get(name).map(str::to_owned)
}

/// An attribute of every element with this name.
pub(super) fn attributes(html: &str, element: &str, name: &str) -> Vec<String> {
    Tags(html).filter(|tag| tag.name == element).filter_map(|tag| tag.get(name).map(str::to_owned)).collect()
}

fn add_control(form: &mut Form, tag: &Tag) {
    let Some(name) = tag.get("name").filter(|name| !name.is_empty()) else { return };
    let kind = tag.get("type").unwrap_or_default().to_ascii_lowercase();
    let value = tag.get("value").unwrap_or_default().to_owned();
    let is_button = tag.name == "button" || kind == "submit";
    let is_checked = tag.get("checked").is_some();
    match kind.as_str() {
        _ if tag.get("disabled").is_some() => {}
        "reset" | "button" | "image" | "file" => {}
        _ if is_button => form.buttons.push((name.to_owned(), value)),
        "checkbox" | "radio" if !is_checked => {}
        "checkbox" | "radio" if value.is_empty() => form.fields.push((name.to_owned(), "on".to_owned())),
        _ => form.fields.push((name.to_owned(), value)),
    }
}

/// The first option of a list is sent, unless another is selected.
fn add_option(form: &mut Form, list: &str, tag: &Tag) {
    let value = tag.get("value").unwrap_or_default();
    match form.fields.iter_mut().find(|(name, _)| name == list) {
        Some((_, chosen)) if tag.get("selected").is_some() => value.clone_into(chosen),
        Some(_) => {}
        None => form.fields.push((list.to_owned(), value.to_owned())),
    }
}

/// A start tag, or an end tag whose name begins with `/`.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(attribute, _)| attribute == name).map(|(_, value)| value.as_str())
    }
}

/// The tags of a text, in order; comments, scripts and styles are skipped.
struct Tags<'a>(&'a str);

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let rest = &self.0[self.0.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                self.0 = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
                self.0 = rest;
                continue;
            }
            let (tag, after) = read_tag(rest);
            self.0 = match tag.name.as_str() {
                "script" => after.find("</script").map_or("", |end| &after[end..]),
                "style" => after.find("</style").map_or("", |end| &after[end..]),
                _ => after,
            };
            return Some(tag);
        }
    }
}

/// Reads a tag from behind its `<`.
fn read_tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let name = name.strip_suffix('/').filter(|name| !name.is_empty()).unwrap_or(&name).to_owned();
    let mut attributes = Vec::new();
    let mut rest = text[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    while !rest.is_empty() && !rest.starts_with('>') {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
        let attribute = rest[..end].trim_end_matches('/').to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = read_value(after.trim_start());
        } else if end == 0 {
            break;
        }
        attributes.push((attribute, value));
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    }
    (Tag { name, attributes }, rest.strip_prefix('>').unwrap_or(rest))
}

fn read_value(text: &str) -> (String, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            let end = quoted.find(quote).unwrap_or(quoted.len());
            return (unescape(&quoted[..end]), quoted[end..].strip_prefix(quote).unwrap_or_default());
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    (unescape(&text[..end]), &text[end..])
}

/// Resolves the character references that template engines write.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end <= 10);
        // What is no reference stays an ampersand.
        let found = end.and_then(|end| Some((end, reference(&rest[1..end])?)));
        let (end, character) = found.unwrap_or((0, '&'));
        out.push(character);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
