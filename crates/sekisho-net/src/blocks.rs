//! Ciphers that work on whole blocks, chained (CBC), with their state: SSH and TLS up to 1.2 use them alike.

use cbc::cipher::{Block, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

/// A cipher with its state: encrypts or decrypts whole blocks. What is left over after the last whole block stays as it is.
pub(crate) type Apply = Box<dyn FnMut(&mut [u8])>;

/// Encrypts under a key, from an initialisation vector on; none where they have the wrong lengths.
pub(crate) fn encryptor<C: KeyIvInit + BlockModeEncrypt + 'static>(key: &[u8], vector: &[u8]) -> Option<Apply> {
    let mut cipher = C::new_from_slices(key, vector).ok()?;
    Some(Box::new(move |data| cipher.encrypt_blocks(Block::<C>::slice_as_chunks_mut(data).0)))
}

/// Decrypts under a key, from an initialisation vector on; none where they have the wrong lengths.
pub(crate) fn decryptor<C: KeyIvInit + BlockModeDecrypt + 'static>(key: &[u8], vector: &[u8]) -> Option<Apply> {
    let mut cipher = C::new_from_slices(key, vector).ok()?;
    Some(Box::new(move |data| cipher.decrypt_blocks(Block::<C>::slice_as_chunks_mut(data).0)))
}
