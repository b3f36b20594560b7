//! entra-emulator
