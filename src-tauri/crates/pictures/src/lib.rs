//! Makes of a picture that a seller chose what pages show of it: two sizes, written anew from nothing but what is seen, so that neither the place
//! where it was taken nor anything else that a camera notes leaves this computer. Pure: bytes go in and come out; files, pages and rows are
//! somebody else's.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::error::LimitErrorKind;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

/// The longest file that is read, in bytes.
pub const LONGEST: u64 = 10 * 1024 * 1024;

/// The longer side of what pages show, in pixels.
const LARGE: u32 = 800;

/// The longer side of what lists show, in pixels.
const SMALL: u32 = 320;

/// So many pixels are read at most: what a telephone takes, and no small file that unpacks without an end.
const MOST_PIXELS: u64 = 50_000_000;

/// So many pixels one side may have.
const LONGEST_SIDE: u32 = 20_000;

/// The memory that reading may take, in bytes.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// How much of a photograph is kept, in per cent.
const QUALITY: u8 = 84;

/// A picture as pages show it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// For the page of one thing: 800 pixels at most.
    pub large: Shown,
    /// For lists: 320 pixels at most.
    pub small: Shown,
}

/// A picture in one size.
#[derive(Clone, Debug)]
pub struct Shown {
    /// A whole JPEG or PNG file.
    pub content: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why nothing is made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It is longer than [`LONGEST`].
    #[error("the picture is larger than 10 MB")]
    TooLong,
    /// It has more pixels than are read.
    #[error("the picture has too many pixels; 50 million are read at most")]
    TooLarge,
    /// It begins like nothing that is known here, whatever its name says.
    #[error("it is no PNG, JPEG or WebP picture")]
    Unknown,
    /// It begins like a picture and is none.
    #[error("the picture is damaged")]
    Damaged,
}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(limit) => match limit.kind() {
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => Self::TooLarge,
                _ => Self::Damaged,
            },
            ImageError::Unsupported(_) => Self::Unknown,
            ImageError::Decoding(_)
            | ImageError::Encoding(_)
            | ImageError::Parameter(_)
            | ImageError::IoError(_) => Self::Damaged,
        }
    }
}

/// What a picture's media type is, by how its content begins; none of what this crate does not write.
pub fn media_type(content: &[u8]) -> Option<&'static str> {
    match content {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        _ => None,
    }
}

/// Makes what pages show of a whole file.
///
/// # Errors
/// When it is no picture, or one that is too large.
pub fn make(content: &[u8]) -> Result<Picture, PictureError> {
    if content.len() as u64 > LONGEST {
        return Err(PictureError::TooLong);
    }
    let whole = read(content)?;
    let large = whole_in(&whole, LARGE);
    let small = whole_in(&large, SMALL);
    Ok(Picture { small: written(&small)?, large: written(&large)? })
}

/// Reads the picture, upright as the camera was held.
fn read(content: &[u8]) -> Result<DynamicImage, PictureError> {
    let mut reader = ImageReader::new(Cursor::new(content));
    let format = image::guess_format(content).map_err(|_| PictureError::Unknown)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(PictureError::Unknown);
    }
    reader.set_format(format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureError::TooLarge);
    }
    // What cannot be read of how the camera was held turns nothing.
    let held = decoder.orientation();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if let Ok(held) = held {
        picture.apply_orientation(held);
    }
    Ok(picture)
}

/// All of it, no side longer than so many pixels; what is smaller stays as it is.
fn whole_in(picture: &DynamicImage, longest: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= longest {
        return picture.clone();
    }
    // Of a very narrow one something is left.
    picture.resize(longest, longest, FilterType::CatmullRom)
}

/// Written anew: what lets something shine through as PNG, everything else as JPEG.
fn written(picture: &DynamicImage) -> Result<Shown, PictureError> {
    let mut content = Vec::new();
    let shines_through =
        picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    if shines_through {
        let encoder =
            PngEncoder::new_with_quality(&mut content, CompressionType::Default, PngFilter::Adaptive);
        picture.to_rgba8().write_with_encoder(encoder)?;
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut content, QUALITY))?;
    }
    Ok(Shown { content, width: picture.width(), height: picture.height() })
}

#[cfg(test)]
mod tests;
