using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>No line is longer than <c>max_line_length</c> of .editorconfig. No tool of .NET checks that.</summary>
public sealed class LineLengthTests
{
    private const int MostCharacters = 140;

    [Theory]
    [InlineData("generator")]
    [InlineData("runtime")]
    [InlineData("samples")]
    public void No_line_has_more_than_140_characters(string folder)
    {
        string root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", "..", folder));
        string[] files = [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => IsWritten(root, file))];
        Assert.NotEmpty(files);
        IEnumerable<string> tooLong = files.SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (line.Length, Place: $"{Path.GetRelativePath(root, file)}:{index + 1}"))
            .Where(line => line.Length > MostCharacters)
            .Select(line => $"{line.Place} has {line.Length} characters"));
        Assert.Empty(tooLong);
    }

    /// <summary>Whether people write a file: neither a build nor a snapshot does.</summary>
    private static bool IsWritten(string root, string file) =>
        !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        && !file.EndsWith(".verified.cs", StringComparison.Ordinal) && !file.EndsWith(".received.cs", StringComparison.Ordinal);
}
