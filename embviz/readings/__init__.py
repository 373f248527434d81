"""Result → one plain sentence, or a note about what went in."""
