//! One command at a time for each project.
