//! Icons: one stroke width, 24 units, drawn in the colour of the text around them. Never the only sign of anything.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A stack of boxes: the product.
    Stack,
    /// Nodes and lines: the designer.
    Design,
    /// A folder.
    Folder,
    /// Lines of output.
    Logs,
    /// Add.
    Plus,
    /// Less.
    Minus,
    /// Show everything.
    Fit,
    /// Put in order.
    Tidy,
    /// Delete.
    Trash,
    /// Close or remove.
    Close,
    /// Run.
    Play,
    /// Stop.
    Stop,
    /// Again.
    Restart,
    /// Opens elsewhere.
    Open,
    /// Fetch to disk.
    Download,
    /// Back.
    Undo,
    /// Forward again.
    Redo,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// More below.
    Down,
    /// More to the right.
    Right,
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A hint.
    Hint,
    /// How something is done.
    Help,
    /// Done.
    Check,
    /// A service.
    Service,
    /// A volume.
    Volume,
    /// A network.
    Network,
    /// A secret.
    Secret,
    /// A config.
    Config,
    /// A text file.
    File,
    /// Lines of code.
    Code,
    /// Change a name.
    Pencil,
    /// A panel at the side.
    Panel,
    /// Not the same.
    Differs,
    /// Freeze.
    Pause,
    /// A signal.
    Bolt,
    /// Something lives.
    Pulse,
    /// Make an image.
    Build,
    /// More to choose from.
    More,
    /// A shell.
    Terminal,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Stack => "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5",
            Self::Design => {
                "M4.5 4h4a1.5 1.5 0 0 1 1.5 1.5v3A1.5 1.5 0 0 1 8.5 10h-4A1.5 1.5 0 0 1 3 8.5v-3A1.5 1.5 0 0 1 4.5 4z\
                 M15.5 4h4A1.5 1.5 0 0 1 21 5.5v3a1.5 1.5 0 0 1-1.5 1.5h-4A1.5 1.5 0 0 1 14 8.5v-3A1.5 1.5 0 0 1 15.5 4z\
                 M10 15h4a1.5 1.5 0 0 1 1.5 1.5v3A1.5 1.5 0 0 1 14 21h-4a1.5 1.5 0 0 1-1.5-1.5v-3A1.5 1.5 0 0 1 10 15z\
                 M6.5 10v2.5h11V10M12 12.5V15"
            }
            Self::Folder => "M4 6a2 2 0 0 1 2-2h3.5l2 2.5H18a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z",
            Self::Logs => "M4 6h16M4 10h10M4 14h13M4 18h7",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Fit => {
                "M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4"
            }
            Self::Tidy => "M5 4h5v6H5zM14 4h5v4h-5zM5 14h5v6H5zM14 12h5v8h-5z",
            Self::Trash => "M4 7h16M9 7V4.5h6V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Play => "M7 5l12 7-12 7z",
            Self::Stop => "M6.5 6.5h11v11h-11z",
            Self::Restart => "M19 12a7 7 0 1 1-2.2-5.1M19 3.5V8h-4.5",
            Self::Open => "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M5 20h14",
            Self::Undo => "M8.5 5L4 9.5 8.5 14M4 9.5h10a5.5 5.5 0 0 1 0 11h-3",
            Self::Redo => "M15.5 5L20 9.5 15.5 14M20 9.5H10a5.5 5.5 0 0 0 0 11h3",
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2\
                 M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
            }
            Self::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
            Self::Down => "M6 9.5l6 6 6-6",
            Self::Right => "M9.5 6l6 6-6 6",
            Self::Error => "M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3zM12 8v5M12 16v.2",
            Self::Warning => "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
            Self::Hint => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 8v.1",
            Self::Help => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.5 9.6a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.8M12 16.4v.1"
            }
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Service => "M5 5h14v5.5H5zM5 13.5h14V19H5zM8 7.8v.1M8 16.3v.1",
            Self::Volume => {
                "M5 6.5C5 5 8 4 12 4s7 1 7 2.5S16 9 12 9 5 8 5 6.5zM5 6.5v11C5 19 8 20 12 20s7-1 7-2.5v-11\
                 M5 12c0 1.5 3 2.5 7 2.5s7-1 7-2.5"
            }
            Self::Network => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17\
                 M12 3.5c3 2.5 3.5 5.5 3.5 8.5S15 18 12 20.5C9 18 8.5 15 8.5 12S9 6 12 3.5z"
            }
            Self::Secret => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
            Self::Config => "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h14",
            Self::File => "M6 3.5h8L18.5 8v12.5H6zM13.5 3.5V8.5h5",
            Self::Code => "M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5",
            Self::Pencil => "M4.5 19.5l.8-3.8L16 5l3 3L8.3 18.7zM13.5 7.5l3 3",
            Self::Panel => "M4 5h16v14H4zM14.5 5v14",
            Self::Differs => "M5 9h14M5 15h14M16 5 8 19",
            Self::Pause => "M8 5.5v13M16 5.5v13",
            Self::Bolt => "M13 3.5L5.5 13.5H11l-1 7 8-10.5h-6z",
            Self::Pulse => "M3 12.5h4l2.5-6 4.5 11 2.5-5H21",
            Self::Build => "M13.5 10.5l-8 8a1.8 1.8 0 0 0 2.5 2.5l8-8M10 6.5L15 3l6 6-3.5 5z",
            Self::More => "M6 12v.2M12 12v.2M18 12v.2",
            Self::Terminal => "M4 5h16v14H4zM7.5 9l3 3-3 3M12.5 15h4",
        }
    }
}

/// An icon; the text beside it, or the `aria-label` of its button, says what it means.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
