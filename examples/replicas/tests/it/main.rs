//! Several processes of one application, their stores, and what goes wrong with them.
