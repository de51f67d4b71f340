"""PowerShell, by its own lexical rules (its documentation's about_Quoting_Rules, about_Special_Characters,
about_Numeric_Literals, about_Hash_Tables), where curly quotes are quotes and names do not tell capitals apart.
"""
