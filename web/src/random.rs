//! Random numbers for secrets, from the browser's generator.

/// Bytes that nobody can guess.
///
/// # Errors
/// When the browser has no such generator.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], String> {
    let mut bytes = [0; COUNT];
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .map(|_| bytes)
        .ok_or_else(|| "This browser gives no random numbers: set the secrets by hand.".to_owned())
}
