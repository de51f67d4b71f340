"""What literals mean by grammars that are not ours (tree-sitter's), decoded by rules written down here anew."""
