using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace Strata.Package.Tests;

/// <summary><c>dotnet new strata</c>, as a user installs it.</summary>
public sealed partial class TemplateTests(PackageFixture package)
{
    private const string Id = "Strata.Templates", Content = "content/App/";

    [Fact]
    public void The_package_holds_the_template_and_nothing_to_reference()
    {
        Assert.Equal(
            [
                "LICENSE", "README.md", "Strata.Templates.nuspec", $"{Content}.template.config/template.json", $"{Content}Program.cs",
                $"{Content}StrataApp.1.csproj", "icon.png",
            ],
            package.Entries(Id));
        XElement metadata = XDocument.Parse(package.Read($"{Id}.nuspec", Id)).Root!.Elements().Single();
        XElement type = metadata.Descendants().Single(element => element.Name.LocalName == "packageType");
        Assert.Equal("Template", type.Attribute("name")!.Value);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public void Its_project_references_this_version_of_Strata_alone()
    {
        XDocument project = XDocument.Parse(package.Read($"{Content}StrataApp.1.csproj", Id));
        XElement reference = Assert.Single(project.Descendants("PackageReference"));
        Assert.Equal(("Strata", PackageFixture.Version), (reference.Attribute("Include")!.Value, reference.Attribute("Version")!.Value));
    }

    [Fact]
    public void Its_files_have_short_lines_and_end_with_one() => Assert.All(
        package.Entries(Id).Where(name => name.StartsWith(Content, StringComparison.Ordinal)), name =>
        {
            string text = package.Read(name, Id).ReplaceLineEndings("\n");
            Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
            Assert.Matches("[^\n]\n$", text);
        });

    /// <summary>The second and the third name are none of namespaces, and the last hides one that the program uses.</summary>
    [Theory]
    [InlineData("Flowers")]
    [InlineData("my-app.1")]
    [InlineData("class")]
    [InlineData("My.Strata")]
    public async Task A_new_app_builds_without_a_warning_learns_and_predicts(string name)
    {
        string folder = package.NewFolder($"template-{name}"), hive = Path.Combine(folder, "hive"), app = Path.Combine(folder, name);
        await Cli.DotnetAsync(folder, "new", "install", package.FileOf(Id), "--debug:custom-hive", hive);
        await Cli.DotnetAsync(folder, "new", "strata", "-n", name, "--debug:custom-hive", hive);
        Assert.Equal(2, Directory.GetFiles(app).Length);
        Assert.True(File.Exists(Path.Combine(app, $"{name}.csproj")));

        // The settings of a first attempt: a Debug build.
        await Cli.DotnetAsync(app, "build", "-warnaserror");
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };
        (int code, string output) = await Cli.RunAsync(app, environment, "dotnet", "run", "--no-build");
        Assert.True(code == 0, output);
        Assert.InRange(double.Parse(Accuracy().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), 90, 100);
        Assert.Contains("A square is taken for a square, with ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(app, "shapes.safetensors")), output);
    }

    [GeneratedRegex(@"([\d.]+) % of new drawings are recognised")]
    private static partial Regex Accuracy();
}
