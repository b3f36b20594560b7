//! Pieces of HTML for an application's own pages.

use std::sync::Arc;

use super::EntraSso;
use crate::{catalogue::Catalogue, next_url::NextUrl, pages};

impl EntraSso {
    /// The Microsoft button as HTML, for a page of the application's own; `next` is where the user comes back to.
    ///
    /// A `next` that is not a path on this site is left out. The style is [`EntraSso::button_style`].
    #[must_use]
    pub fn button(&self, next: &str) -> String {
        self.button_in("", next)
    }

    /// All buttons side by side: Microsoft's, then one for each `[[provider]]`; `next` and style as for
    /// [`EntraSso::button`].
    #[must_use]
    pub fn buttons(&self, next: &str) -> String {
        self.buttons_in("", next)
    }

    /// A form with one button that signs out.
    ///
    /// With `slo_enabled` its answer leads on to the provider. A content security policy of the page has to allow that: its
    /// `form-action` is [`EntraSso::sign_out_form_action`].
    #[must_use]
    pub fn sign_out_form(&self) -> String {
        self.sign_out_form_in("")
    }

    /// What `form-action` has to allow in the content security policy of a page with one of our sign-out forms: `'self'`, and with
    /// `slo_enabled` where the provider leads on, since a browser holds a form's redirects to it, too.
    ///
    /// ```
    /// # fn example(sso: &entra_sso::EntraSso) -> String {
    /// format!("default-src 'self'; form-action {}", sso.sign_out_form_action())
    /// # }
    /// ```
    #[must_use]
    pub fn sign_out_form_action(&self) -> String {
        let site = self.context.sites.default();
        pages::sign_out_form_action(&site.settings, &site.providers)
    }

    /// A form with one button that ends all sessions of the user: in other browsers, on other devices, at every site.
    ///
    /// It is [`EntraSso::sign_out_form`] with the field `everywhere=1`, and what is said there holds here.
    #[must_use]
    pub fn sign_out_everywhere_form(&self) -> String {
        self.sign_out_everywhere_form_in("")
    }

    /// The same as [`EntraSso::button`], in one of the setting's `languages`: `language` is a tag such as `de`, or the
    /// whole `Accept-Language` of a request. The first of them when none fits.
    ///
    /// A page that follows `Accept-Language` should say so: `Vary: Accept-Language`.
    #[must_use]
    pub fn button_in(&self, language: &str, next: &str) -> String {
        let (site, catalogue) = (self.context.sites.default(), self.language(language));
        let prefix = &site.settings.prefix;
        let button = pages::button(site.main(), catalogue, prefix, NextUrl::parse(next, prefix).as_ref());
        site.pages.button(catalogue, &button)
    }

    /// The same as [`EntraSso::buttons`], in a language as for [`EntraSso::button_in`].
    #[must_use]
    pub fn buttons_in(&self, language: &str, next: &str) -> String {
        let (site, catalogue) = (self.context.sites.default(), self.language(language));
        let prefix = &site.settings.prefix;
        let buttons = pages::buttons(&site.providers, catalogue, prefix, NextUrl::parse(next, prefix).as_ref());
        site.pages.buttons(catalogue, &buttons)
    }

    /// The same as [`EntraSso::sign_out_form`], in a language as for [`EntraSso::button_in`].
    #[must_use]
    pub fn sign_out_form_in(&self, language: &str) -> String {
        self.context.sites.default().pages.sign_out_form(self.language(language), &self.logout_path(), false)
    }

    /// The same as [`EntraSso::sign_out_everywhere_form`], in a language as for [`EntraSso::button_in`].
    #[must_use]
    pub fn sign_out_everywhere_form_in(&self, language: &str) -> String {
        self.context.sites.default().pages.sign_out_form(self.language(language), &self.logout_path(), true)
    }

    /// The style of the button, for the application's style sheet: light and dark.
    #[must_use]
    pub fn button_style() -> &'static str {
        pages::BUTTON_STYLE
    }

    fn language(&self, accept: &str) -> &Arc<Catalogue> {
        self.context.languages.accepted(accept)
    }
}
