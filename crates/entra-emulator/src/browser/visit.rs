//! A visit that carries on through the emulator's own pages.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Browser;
use super::error::BrowserError;
use super::form::{self, Form};
use super::navigation::{Navigation, parse};
use super::page::Page;

/// How many of the emulator's pages one visit passes.
const PAGES: usize = 8;

/// A visit that begins at an address and passes account page, consent page, `form_post` page, sign-out page and the
/// pages of user flows by itself.
#[must_use = "a visit does nothing until it is told who signs in"]
pub struct Visit<'a> {
    browser: &'a Browser,
    url: String,
    stop: Option<String>,
}

impl fmt::Debug for Visit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").finish_non_exhaustive()
    }
}

impl Browser {
    /// Begins a visit that carries on through the emulator's pages.
    pub fn start_at(&self, url: impl AsRef<str>) -> Visit<'_> {
        Visit { browser: self, url: url.as_ref().to_owned(), stop: None }
    }
}

impl Visit<'_> {
    /// Does not call addresses that begin with `prefix`: the visit ends with the redirect (see [`Page::location`]),
    /// or with the `form_post` page (see [`Page::form`], id `form-post`), that leads there.
    pub fn stop_at(mut self, prefix: impl Into<String>) -> Self {
        self.stop = Some(prefix.into());
        self
    }

    /// Signs in as this account wherever the emulator asks, gives consent, and returns the last page.
    ///
    /// # Errors
    ///
    /// The account is not on the account page; else as [`Browser::get`].
    pub async fn signing_in_as(self, name: &str) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.account_form(name).map(Some),
            "consent" => page.pressing("consent", "decision", "accept").map(Some),
            _ => Ok(None),
        })
        .await
    }

    /// Signs in as this account, declines consent when asked for it, and returns the last page.
    ///
    /// # Errors
    ///
    /// As [`Visit::signing_in_as`].
    pub async fn declining_as(self, name: &str) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.account_form(name).map(Some),
            "consent" => page.pressing("consent", "decision", "decline").map(Some),
            _ => Ok(None),
        })
        .await
    }

    /// Presses "Cancel" on the first page that has it, an account page or a page of a user flow, and returns the last
    /// page.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn cancelling(self) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.pressing("leave", "decision", "cancel").map(Some),
            "sign-up" | "reset-password" | "edit-profile" => page.pressing(kind, "decision", "cancel").map(Some),
            _ => Ok(None),
        })
        .await
    }

    /// Presses "Forgot your password?" on a user flow's account page; stops at the page that resets it, when the
    /// application leads there.
    ///
    /// # Errors
    ///
    /// The account page has no such button; else as [`Browser::get`].
    pub async fn forgetting_password(self) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.pressing("leave", "decision", "forgot").map(Some),
            _ => Ok(None),
        })
        .await
    }

    /// Resets the password of this account: "Forgot your password?" where the emulator asks who signs in, then the page
    /// that resets it, then whatever the application does with that, signing in as this account if asked again.
    ///
    /// # Errors
    ///
    /// As [`Visit::forgetting_password`].
    pub async fn resetting_password_of(self, name: &str) -> Result<Page, BrowserError> {
        let reset = AtomicBool::new(false);
        self.carry_on(|page, kind| match kind {
            "accounts" if reset.load(Ordering::Relaxed) => page.account_form(name).map(Some),
            "accounts" => page.pressing("leave", "decision", "forgot").map(Some),
            "reset-password" => {
                reset.store(true, Ordering::Relaxed);
                Ok(Some(page.pressing(kind, "decision", "reset")?.set("account", name)))
            }
            _ => Ok(None),
        })
        .await
    }

    /// Signs in as this account where the emulator asks, and writes these fields (`display_name`, `given_name`,
    /// `surname`) on the page that edits a profile.
    ///
    /// # Errors
    ///
    /// As [`Visit::signing_in_as`].
    pub async fn editing_profile_as(self, name: &str, fields: &[(&str, &str)]) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.account_form(name).map(Some),
            "edit-profile" => {
                let form = page.pressing(kind, "decision", "edit")?;
                Ok(Some(fields.iter().fold(form, |form, (field, value)| form.set(field, value))))
            }
            _ => Ok(None),
        })
        .await
    }

    /// Makes a customer's account with this mail address and name, and signs it in.
    ///
    /// # Errors
    ///
    /// The account page offers no sign-up; else as [`Browser::get`].
    pub async fn signing_up_as(self, address: &str, name: &str) -> Result<Page, BrowserError> {
        self.carry_on(|page, kind| match kind {
            "accounts" => page.pressing("leave", "decision", "sign_up").map(Some),
            "sign-up" => {
                let form = page.pressing(kind, "decision", "create")?;
                Ok(Some(form.set("address", address).set("display_name", name)))
            }
            _ => Ok(None),
        })
        .await
    }

    /// Answers no question: stops at the account page or the consent page.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn asking_nobody(self) -> Result<Page, BrowserError> {
        self.carry_on(|_, _| Ok(None)).await
    }

    async fn carry_on(
        self,
        decide: impl Fn(&Page, &str) -> Result<Option<Form>, BrowserError>,
    ) -> Result<Page, BrowserError> {
        let mut navigation = Navigation::get(parse(&self.url)?);
        navigation.stop.clone_from(&self.stop);
        let mut page = self.browser.navigate(navigation).await?;
        for _ in 0..PAGES {
            let Some(kind) = page.emulator_page() else { break };
            let next = match kind.as_str() {
                "form-post" => self.posted(&page)?,
                "signed-out" => self.signed_out(&page).await?,
                kind => decide(&page, kind)?.map(|form| form.navigation(&page.url)).transpose()?,
            };
            let Some(mut next) = next else { break };
            next.stop.clone_from(&self.stop);
            page = self.browser.navigate(next).await?;
        }
        Ok(page)
    }

    /// What the page's script would send.
    fn posted(&self, page: &Page) -> Result<Option<Navigation>, BrowserError> {
        let form = page.form("form-post").ok_or_else(|| page.misses("form with id form-post"))?;
        let target = form.target(&page.url)?;
        let stops = self.stop.as_ref().is_some_and(|stop| target.as_str().starts_with(stop.as_str()));
        if stops { Ok(None) } else { form.navigation(&page.url).map(Some) }
    }

    /// Loads the iframes of the sign-out page, then goes where the page goes on to.
    async fn signed_out(&self, page: &Page) -> Result<Option<Navigation>, BrowserError> {
        for source in form::attributes(&page.body, "iframe", "src") {
            let url = parse(&source)?;
            let frame = Navigation { initiator: Some(page.url.clone()), framed: true, ..Navigation::get(url) };
            // An application that does not answer keeps nobody signed in.
            let _ = self.browser.navigate(frame).await;
        }
        let Some(next) = form::attribute(&page.body, "body", "data-continue").filter(|next| !next.is_empty()) else {
            return Ok(None);
        };
        let url = parse(&next)?;
        if self.stop.as_ref().is_some_and(|stop| url.as_str().starts_with(stop.as_str())) {
            return Ok(None);
        }
        Ok(Some(Navigation { initiator: Some(page.url.clone()), ..Navigation::get(url) }))
    }
}
