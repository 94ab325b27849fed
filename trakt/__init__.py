"""Everything that knows the word Trakt; without a Trakt app the rest of the house runs whole."""
