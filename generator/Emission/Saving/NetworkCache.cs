using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Emission;

/// <summary>
/// Assemblies of compiled networks in a folder, which processes share. A file's name is its <see cref="NetworkKey"/>; behind the assembly
/// is a hash of both.
/// </summary>
/// <param name="folder">The folder, which is made with the first file.</param>
/// <param name="isTrusted">Whether to load files that others may write.</param>
/// <param name="report">Is told why the cache could not be used.</param>
internal sealed class NetworkCache(string folder, bool isTrusted, Action<string>? report)
{
    private const string Extension = ".dll";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>The bytes that the folder may have. The files that were not used for the longest time go first.</summary>
    public long Limit { get; init; } = 256 << 20;

    /// <summary>The assembly with a key; null if there is none that is whole and may be trusted.</summary>
    public byte[]? Find(string key)
    {
        string path = PathOf(key);
        try
        {
            if (!File.Exists(path) || !MayUse(_folder, path))
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(path);
            int length = bytes.Length - SHA256.HashSizeInBytes;
            if (length < 0 || !bytes.AsSpan(length).SequenceEqual(Seal(key, bytes.AsSpan(0, length))))
            {
                report?.Invoke($"{path} is damaged, or is no file of the cache. It is replaced.");
                return null;
            }

            Touch(path);
            return bytes[..length];
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            report?.Invoke($"{path} cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Keeps an assembly. If that fails, for example on a full disk, nothing is kept.</summary>
    public void Add(string key, byte[] image)
    {
        string path = PathOf(key);
        try
        {
            CreateFolder();
            if (!MayUse(_folder))
            {
                return;
            }

            // One that is replaced would keep its permissions.
            File.Delete(path);
            byte[] seal = Seal(key, image);
            AtomicFile.Write(path, stream =>
            {
                stream.Write(image);
                stream.Write(seal);
                if (!OperatingSystem.IsWindows() && stream is FileStream file)
                {
                    File.SetUnixFileMode(file.SafeFileHandle, PrivateFile);
                }
            });
            RemoveOldest();
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            report?.Invoke($"{path} cannot be written: {e.Message}");
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + Extension);

    /// <summary>Whether nobody else may write the folder, and a file in it. Then nobody else can exchange the file, either.</summary>
    private bool MayUse(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (!isTrusted && FileAccessRights.WhyOthersMayWrite(path) is { } reason)
            {
                report?.Invoke($"The cache {_folder} is not used, because others may write to it: {reason}. "
                    + $"{nameof(CompileOptions.TrustCacheFolder)} uses it nevertheless.");
                return false;
            }
        }

        return true;
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, PrivateFolder);
        }
    }

    /// <summary>Marks a file as used.</summary>
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // The folder can be read only.
        }
    }

    private void RemoveOldest()
    {
        long length = 0;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles("*" + Extension)
            .Where(file => IsKey(Path.GetFileNameWithoutExtension(file.Name))).OrderByDescending(file => file.LastWriteTimeUtc))
        {
            length += file.Length;
            if (length > Limit)
            {
                file.Delete();
            }
        }
    }

    private static bool IsKey(string name) => name.Length == 2 * SHA256.HashSizeInBytes && name.All(char.IsAsciiHexDigitLower);

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException;

    private static byte[] Seal(string key, ReadOnlySpan<byte> image)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(key));
        hash.AppendData(image);
        return hash.GetHashAndReset();
    }
}
