using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Emission;

/// <summary>
/// Assemblies of compiled networks in a folder, which processes share, and the parameters of those that stand in files. A file's name is
/// its <see cref="NetworkKey"/>; behind what it has is a hash of both.
/// </summary>
/// <param name="options">The folder, which is made with the first file, and how it is used.</param>
internal sealed class NetworkCache(CompileOptions options)
{
    private const string Code = ".dll", Values = ".values";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    private readonly string _folder = Path.GetFullPath(options.CacheFolder!);
    private readonly Action<string>? _report = options.CacheProblem;

    /// <summary>The assembly with a key; null if there is none that is whole and may be trusted.</summary>
    public byte[]? Find(string key)
    {
        byte[]? image = null;
        TryRead(PathOf(key, Code), stream =>
        {
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            int length = bytes.Length - SHA256.HashSizeInBytes;
            if (length < 0 || !bytes.AsSpan(length).SequenceEqual(Seal(key, bytes.AsSpan(0, length))))
            {
                return false;
            }

            image = bytes[..length];
            return true;
        });
        return image;
    }

    /// <summary>Keeps an assembly. If that fails, for example on a full disk, nothing is kept.</summary>
    public void Add(string key, byte[] image) => Add(PathOf(key, Code), stream =>
    {
        stream.Write(image);
        stream.Write(Seal(key, image));
    });

    /// <summary>
    /// Gives parameters the values that are kept with a key. If there are none, or not whole ones, the parameters may have any values.
    /// </summary>
    /// <returns>Whether they have the values.</returns>
    public bool TryReadValues(string key, IReadOnlyList<Parameter> parameters) => TryRead(
        PathOf(key, Values), stream => stream.Length == LengthOf(parameters) && IsSealed(stream, key, parameters));

    /// <summary>Keeps the values of parameters, if they take no more than half of the folder.</summary>
    public void AddValues(string key, IReadOnlyList<Parameter> parameters)
    {
        if (LengthOf(parameters) > options.MaxCacheSize / 2)
        {
            return;
        }

        Add(PathOf(key, Values), stream =>
        {
            using IncrementalHash hash = Begin(key);
            float[] buffer = BufferFor(parameters);
            foreach (Parameter parameter in parameters)
            {
                Span<float> values = buffer.AsSpan(0, parameter.Length);
                parameter.CopyTo(values);
                Span<byte> bytes = MemoryMarshal.AsBytes(values);
                hash.AppendData(bytes);
                stream.Write(bytes);
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    private static long LengthOf(IReadOnlyList<Parameter> parameters)
    {
        long length = SHA256.HashSizeInBytes;
        foreach (Parameter parameter in parameters)
        {
            length += (long)sizeof(float) * parameter.Length;
        }

        return length;
    }

    private static float[] BufferFor(IReadOnlyList<Parameter> parameters)
    {
        int longest = 0;
        foreach (Parameter parameter in parameters)
        {
            longest = int.Max(longest, parameter.Length);
        }

        return GC.AllocateUninitializedArray<float>(longest);
    }

    /// <summary>Reads the values, and whether the hash behind them is theirs.</summary>
    private static bool IsSealed(FileStream stream, string key, IReadOnlyList<Parameter> parameters)
    {
        using IncrementalHash hash = Begin(key);
        float[] buffer = BufferFor(parameters);
        foreach (Parameter parameter in parameters)
        {
            Span<float> values = buffer.AsSpan(0, parameter.Length);
            Span<byte> bytes = MemoryMarshal.AsBytes(values);
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            parameter.CopyFrom(values);
        }

        Span<byte> seal = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(seal);
        return seal.SequenceEqual(hash.GetHashAndReset());
    }

    /// <summary>Reads a file and marks it as used. Says why, if it is not whole or cannot be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it, and tells whether it is whole.</param>
    /// <returns>Whether there is one that is whole and may be trusted.</returns>
    private bool TryRead(string path, Func<FileStream, bool> read)
    {
        try
        {
            if (!File.Exists(path) || !MayUse(_folder, path))
            {
                return false;
            }

            using FileStream stream = File.OpenRead(path);
            if (!read(stream))
            {
                _report?.Invoke($"{path} is damaged, or is no file of the cache. It is replaced.");
                return false;
            }

            Touch(path);
            return true;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            _report?.Invoke($"{path} cannot be read: {e.Message}");
            return false;
        }
    }

    /// <summary>Writes a file, which appears complete or not at all.</summary>
    private void Add(string path, Action<Stream> write)
    {
        try
        {
            CreateFolder();
            if (!MayUse(_folder))
            {
                return;
            }

            // One that is replaced would keep its permissions.
            File.Delete(path);
            AtomicFile.Write(path, stream =>
            {
                write(stream);
                if (!OperatingSystem.IsWindows() && stream is FileStream file)
                {
                    File.SetUnixFileMode(file.SafeFileHandle, PrivateFile);
                }
            });
            RemoveOldest();
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            _report?.Invoke($"{path} cannot be written: {e.Message}");
        }
    }

    private string PathOf(string key, string extension) => Path.Combine(_folder, key + extension);

    /// <summary>Whether nobody else may write the folder, and a file in it. Then nobody else can exchange the file, either.</summary>
    private bool MayUse(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (!options.TrustCacheFolder && FileAccessRights.WhyOthersMayWrite(path) is { } reason)
            {
                _report?.Invoke($"The cache {_folder} is not used, because others may write to it: {reason}. "
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
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles()
            .Where(file => file.Extension is Code or Values && IsKey(Path.GetFileNameWithoutExtension(file.Name)))
            .OrderByDescending(file => file.LastWriteTimeUtc))
        {
            length += file.Length;
            if (length > options.MaxCacheSize)
            {
                file.Delete();
            }
        }
    }

    private static bool IsKey(string name) => name.Length == 2 * SHA256.HashSizeInBytes && name.All(char.IsAsciiHexDigitLower);

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException;

    private static byte[] Seal(string key, ReadOnlySpan<byte> image)
    {
        using IncrementalHash hash = Begin(key);
        hash.AppendData(image);
        return hash.GetHashAndReset();
    }

    private static IncrementalHash Begin(string key)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(key));
        return hash;
    }
}
