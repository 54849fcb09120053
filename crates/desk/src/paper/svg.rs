//! An SVG drawing as PDF operators: filled and stroked paths. Whatever else a drawing may have is refused by name rather
//! than drawn wrongly.

use std::fmt::Write as _;

use usvg::tiny_skia_path::PathSegment;
use usvg::{
    Color, FillRule, Group, LineCap, LineJoin, Node, Options, Paint, PaintOrder, Path, Stroke, Transform,
    Tree, roxmltree,
};

use super::logo::LogoError;

/// Elements that the reader would silently leave out or fetch from elsewhere.
const REFUSED_ELEMENTS: [(&str, &str); 4] =
    [("text", "text"), ("image", "pictures"), ("feImage", "pictures"), ("foreignObject", "foreign objects")];
/// How deep groups may be nested.
const MAX_DEPTH: u16 = 64;

/// Width, height and the content of a drawing, its origin at the bottom left.
pub(super) fn drawing(text: &str) -> Result<((f32, f32), Vec<u8>), LogoError> {
    let document =
        roxmltree::Document::parse(text).map_err(|error| LogoError::Unreadable { why: error.to_string() })?;
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        if let Some((_, feature)) = REFUSED_ELEMENTS.iter().find(|(refused, _)| *refused == name) {
            return Err(LogoError::Feature { feature });
        }
    }
    let tree = Tree::from_xmltree(&document, &Options::default())
        .map_err(|error| LogoError::Unreadable { why: error.to_string() })?;
    let size = (tree.size().width(), tree.size().height());
    let upright = Transform::from_row(1.0, 0.0, 0.0, -1.0, 0.0, size.1);
    let mut content = String::new();
    group(&mut content, tree.root(), upright, MAX_DEPTH)?;
    Ok((size, content.into_bytes()))
}

fn group(content: &mut String, group_of: &Group, upright: Transform, depth: u16) -> Result<(), LogoError> {
    let refused = [
        (group_of.clip_path().is_some(), "clipping"),
        (group_of.mask().is_some(), "masks"),
        (!group_of.filters().is_empty(), "filters"),
        (group_of.opacity().get() < 1.0, "transparent groups"),
        (depth == 0, "groups nested too deep"),
    ];
    if let Some((_, feature)) = refused.into_iter().find(|(is_used, _)| *is_used) {
        return Err(LogoError::Feature { feature });
    }
    for node in group_of.children() {
        match node {
            Node::Group(inner) => group(content, inner, upright, depth.saturating_sub(1))?,
            Node::Path(path) if path.is_visible() => draw(content, path, upright)?,
            Node::Path(_) => {}
            Node::Image(_) => return Err(LogoError::Feature { feature: "pictures" }),
            Node::Text(_) => return Err(LogoError::Feature { feature: "text" }),
        }
    }
    Ok(())
}

fn draw(content: &mut String, path: &Path, upright: Transform) -> Result<(), LogoError> {
    let transform = path.abs_transform().post_concat(upright);
    let fill = |content: &mut String| {
        let Some(fill) = path.fill() else { return Ok(()) };
        colour(content, fill.paint(), fill.opacity().get(), "rg")?;
        outline(content, path, transform);
        content.push_str(if fill.rule() == FillRule::EvenOdd { "f*\n" } else { "f\n" });
        Ok(())
    };
    let stroke = |content: &mut String| {
        let Some(stroke) = path.stroke() else { return Ok(()) };
        colour(content, stroke.paint(), stroke.opacity().get(), "RG")?;
        pen(content, stroke, transform);
        outline(content, path, transform);
        content.push_str("S\n");
        Ok(())
    };
    if path.paint_order() == PaintOrder::FillAndStroke {
        fill(content)?;
        return stroke(content);
    }
    stroke(content)?;
    fill(content)
}

/// Sets a colour; a transparent one as it looks on white paper.
fn colour(content: &mut String, paint: &Paint, opacity: f32, operator: &str) -> Result<(), LogoError> {
    let Paint::Color(Color { red, green, blue }) = paint else {
        return Err(LogoError::Feature { feature: "colour gradients or patterns" });
    };
    for part in [red, green, blue] {
        let _ = write!(content, "{:.3} ", 1.0 - opacity * (1.0 - f32::from(*part) / 255.0));
    }
    content.push_str(operator);
    content.push('\n');
    Ok(())
}

fn pen(content: &mut String, stroke: &Stroke, transform: Transform) {
    let scale = (transform.sx * transform.sy - transform.kx * transform.ky).abs().sqrt();
    let cap = match stroke.linecap() {
        LineCap::Butt => 0,
        LineCap::Round => 1,
        LineCap::Square => 2,
    };
    let join = match stroke.linejoin() {
        LineJoin::Miter | LineJoin::MiterClip => 0,
        LineJoin::Round => 1,
        LineJoin::Bevel => 2,
    };
    let limit = stroke.miterlimit().get();
    let _ = write!(content, "{:.3} w {cap} J {join} j {limit:.2} M [", stroke.width().get() * scale);
    for dash in stroke.dasharray().unwrap_or_default() {
        let _ = write!(content, "{:.3} ", dash * scale);
    }
    let _ = writeln!(content, "] {:.3} d", stroke.dashoffset() * scale);
}

fn outline(content: &mut String, path: &Path, transform: Transform) {
    let Some(path) = path.data().clone().transform(transform) else { return };
    let mut at = (0.0_f32, 0.0_f32);
    for segment in path.segments() {
        let _ = match segment {
            PathSegment::MoveTo(to) => {
                at = (to.x, to.y);
                writeln!(content, "{:.2} {:.2} m", to.x, to.y)
            }
            PathSegment::LineTo(to) => {
                at = (to.x, to.y);
                writeln!(content, "{:.2} {:.2} l", to.x, to.y)
            }
            PathSegment::QuadTo(control, to) => {
                // A quadratic curve as a cubic one: its control points lie two thirds of the way to the one it has.
                let two_thirds = |from: f32, towards: f32| from + (towards - from) * 2.0 / 3.0;
                let first = (two_thirds(at.0, control.x), two_thirds(at.1, control.y));
                let second = (two_thirds(to.x, control.x), two_thirds(to.y, control.y));
                at = (to.x, to.y);
                curve(content, first, second, at)
            }
            PathSegment::CubicTo(first, second, to) => {
                at = (to.x, to.y);
                curve(content, (first.x, first.y), (second.x, second.y), at)
            }
            PathSegment::Close => writeln!(content, "h"),
        };
    }
}

fn curve(content: &mut String, first: (f32, f32), second: (f32, f32), to: (f32, f32)) -> std::fmt::Result {
    let numbers = [first.0, first.1, second.0, second.1, to.0, to.1];
    for number in numbers {
        write!(content, "{number:.2} ")?;
    }
    writeln!(content, "c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_become_operators_from_the_bottom_left() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>\
            <g transform='translate(1 2)'><path d='M0 0H5V3Z' fill='#ff0000'/>\
            <path d='M0 0L4 0' fill='none' stroke='black' stroke-width='2' stroke-opacity='0.5'/></g></svg>";
        let (size, content) = drawing(svg).unwrap();
        assert_eq!(size, (20.0, 10.0));
        let expected = "1.000 0.000 0.000 rg\n1.00 8.00 m\n6.00 8.00 l\n6.00 5.00 l\nh\nf\n\
            0.500 0.500 0.500 RG\n2.000 w 0 J 0 j 4.00 M [] 0.000 d\n1.00 8.00 m\n5.00 8.00 l\nS\n";
        assert_eq!(String::from_utf8(content).unwrap(), expected);
    }
}
