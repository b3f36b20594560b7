mod authority;
mod published;
