namespace Strata.Weights;

/// <summary>A file in a ZIP archive.</summary>
/// <param name="Name">Its name with its folders.</param>
/// <param name="Method">How it is compressed; 0 if it is stored as it is.</param>
/// <param name="IsEncrypted">Whether it is encrypted.</param>
/// <param name="StoredLength">Its bytes in the archive.</param>
/// <param name="Length">Its bytes when it is unpacked.</param>
/// <param name="Header">Where its own header begins.</param>
internal sealed record ZipEntry(string Name, int Method, bool IsEncrypted, long StoredLength, long Length, long Header);
