mod kinds;
mod request;
mod response;
