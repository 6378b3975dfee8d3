using System;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Strata.Imaging;
using Strata.Training;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>Who reads the pages meets every type that they may need.</summary>
public sealed partial class NamedTypeTests
{
    /// <summary>Code on the pages for users.</summary>
    private static readonly Lazy<string> Code = new(() => string.Join('\n', Pages.All
        .Where(page => Path.GetFileName(page.Path) is not ("ROOMS.md" or "CHANGELOG.md" or "NEW-OPERATOR.md"))
        .SelectMany(page => CodeOf().Matches(page.Text)).Select(match => match.Value)));

    public static TheoryData<string> Types =>
    [
        .. from type in typeof(Trainer).Assembly.GetExportedTypes().Concat(typeof(ImageFile).Assembly.GetExportedTypes())
           where type.Namespace is "Strata.Training" or "Strata.Data" or "Strata.Imaging" && !type.IsNested
               && type.GetCustomAttribute<EditorBrowsableAttribute>() is null

               // What has extension methods only is called by their names.
               && !(type.IsAbstract && type.IsSealed && type.Name.EndsWith("Extensions", StringComparison.Ordinal))
           select type.Name.Split('`')[0],
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_public_type_is_named_in_the_code_of_a_page(string name) => Assert.Matches($@"\b{name}s?\b", Code.Value);

    [GeneratedRegex(@"^ *```.*?^ *```|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeOf();
}
