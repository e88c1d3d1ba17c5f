use image::codecs::webp::WebPEncoder;
use image::{ImageEncoder as _, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const RED: Rgb<u8> = Rgb([220, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

/// Red on the left, blue on the right.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

fn jpeg(photo: &RgbImage) -> Vec<u8> {
    let mut content = Vec::new();
    photo.write_with_encoder(JpegEncoder::new_with_quality(&mut content, 90)).unwrap();
    content
}

/// What a telephone that was held upright writes: where it was, who owns it, and that the picture lies on its side.
fn with_notes(jpeg: &[u8], turned: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend([2, 0]);
    // Orientation, and the owner's name as a text that stands behind.
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, turned, 0, 0, 0]);
    exif.extend([0x3b, 1, 2, 0, 22, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(b"GPS 48.2082N 16.3738E\0");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn seen(shown: &Shown) -> RgbaImage {
    image::load_from_memory(&shown.content).unwrap().to_rgba8()
}

fn is_red(pixel: Rgba<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

#[test]
fn nothing_that_a_camera_notes_is_passed_on_and_the_picture_stands_upright() {
    let taken = with_notes(&jpeg(&photo(1200, 900)), 6);
    assert!(taken.windows(3).any(|part| part == b"GPS"));
    let picture = make(&taken).unwrap();
    for shown in [&picture.large, &picture.small] {
        for note in [&b"GPS"[..], b"Exif", b"48.2082"] {
            assert!(!shown.content.windows(note.len()).any(|part| part == note));
        }
        let seen = seen(shown);
        let (across, down) = (seen.width() / 2, seen.height());
        assert!(is_red(*seen.get_pixel(across, 5)) && !is_red(*seen.get_pixel(across, down - 5)));
    }
    assert_eq!((picture.large.width, picture.large.height), (600, 800));
    assert_eq!((picture.small.width, picture.small.height), (240, 320));
    assert_eq!(media_type(&picture.large.content), Some("image/jpeg"));
}

#[test]
fn what_shines_through_goes_on_shining_through_and_what_is_small_stays_so() {
    let drawn = RgbaImage::from_fn(40, 20, |x, _| Rgba([10, 120, 90, if x < 20 { 0 } else { 255 }]));
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp)
        .write_image(&drawn, 40, 20, image::ExtendedColorType::Rgba8)
        .unwrap();
    let picture = make(&webp).unwrap();
    assert_eq!(media_type(&picture.large.content), Some("image/png"));
    assert_eq!((picture.large.width, picture.large.height), (40, 20));
    assert_eq!(seen(&picture.small).get_pixel(5, 5).0[3], 0);
    // All of it is there, so it needs no more than a photograph.
    let whole = RgbaImage::from_pixel(40, 20, Rgba([10, 120, 90, 255]));
    let mut png = Vec::new();
    whole.write_with_encoder(PngEncoder::new(&mut png)).unwrap();
    assert_eq!(media_type(&make(&png).unwrap().large.content), Some("image/jpeg"));
}

#[test]
fn a_very_narrow_picture_keeps_a_line_of_pixels() {
    let picture = make(&jpeg(&photo(4000, 2))).unwrap();
    assert_eq!((picture.large.width, picture.small.width), (800, 320));
    assert_eq!((picture.large.height, picture.small.height), (1, 1));
}

#[test]
fn only_pictures_of_three_kinds_are_read_whatever_they_are_called_and_none_that_unpacks_without_an_end() {
    for other in [
        &b""[..],
        b"hello",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7",
        b"BM\x1a\0\0\0",
    ] {
        assert_eq!(make(other).unwrap_err(), PictureError::Unknown, "{other:?}");
    }
    let whole = jpeg(&photo(64, 64));
    assert_eq!(make(&whole[..30]).unwrap_err(), PictureError::Damaged);
    assert_eq!(make(&vec![0xff; 10 * 1024 * 1024 + 1]).unwrap_err(), PictureError::TooLong);
    // A few bytes that say they are 60,000 by 60,000 pixels.
    let mut png = Vec::new();
    photo(4, 4).write_with_encoder(PngEncoder::new(&mut png)).unwrap();
    for (side, far) in [(60_000_u32, true), (15_000, true)] {
        let mut bomb = png.clone();
        bomb[16..20].copy_from_slice(&side.to_be_bytes());
        bomb[20..24].copy_from_slice(&side.to_be_bytes());
        let sum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(make(&bomb).unwrap_err() == PictureError::TooLarge, far, "{side}");
    }
}

/// The check sum of a PNG's parts.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
