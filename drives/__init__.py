"""List and fetch files of shared drives, archive their content, deliver files back."""
