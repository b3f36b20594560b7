mod accounts;
mod consent;
mod pkce;
mod redirect_uri;
mod refusals;
mod reply;
