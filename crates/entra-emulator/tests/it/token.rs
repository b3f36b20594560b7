mod authorization_code;
mod client;
mod client_credentials;
mod id_token;
mod refresh_token;
mod spoiled;
