using System.CommandLine;
using System.IO;
using Samples;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>What the programs' command lines have in common.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("7 out\n", "go", "--batch", "7", "--output", "out")]
    [InlineData("7 out\n", "go", "--batch=7", "--output=out")]
    [InlineData("64 \n", "go")]
    [InlineData("64 @out\n", "go", "--output", "@out")]
    public void A_value_stands_behind_a_space_or_an_equals_sign_and_falls_back(string expected, params string[] words) =>
        Assert.Equal((0, expected, ""), Run(words));

    [Theory]
    [InlineData("--batch takes a whole number from 1 to 100, not '0'", "--batch", "0")]
    [InlineData("--batch takes a whole number from 1 to 100, not '1.5'", "--batch", "1.5")]
    [InlineData("--batch takes a whole number from 1 to 100, not '-3'", "--batch", "-3")]
    [InlineData("Option '--batch' expects a single argument but 2 were provided.", "--batch", "3", "--batch=4")]
    [InlineData("Required argument missing for option: '--batch'.", "--batch")]
    [InlineData("Required argument missing for option: '--batch'.", "--batch=")]
    [InlineData("--batch takes a whole number from 1 to 100, not '--output'", "--batch", "--output", "out")]
    [InlineData("--output needs a value", "--output", "--seed")]
    [InlineData("Unrecognized command or argument '--bach'.", "--bach")]
    [InlineData("Unrecognized command or argument 'more'.", "more")]
    public void Mistakes_are_named(string message, params string[] words) =>
        Assert.Equal((2, "", $"error: {message}\nTry --help.\n"), Run(["go", .. words]));

    [Fact]
    public void Only_a_program_with_a_fallback_takes_options_without_a_command()
    {
        Assert.Equal((0, "7 \n", ""), Run(["--batch", "7"], fallback: "go"));
        Assert.Equal((0, "64 \n", ""), Run([], fallback: "go"));
        Assert.Equal(2, Run(["--batch", "7"]).Code);
        Assert.StartsWith("Description:", Run([]).Output, System.StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_wrong_with_files_is_code_1_without_a_trace()
    {
        Command fail = new Command("fail", "Fails.").Does((_, _) => throw new IOException("the disk is full"));
        Assert.Equal((1, "", "error: the disk is full\n"), Run(["fail"], command: fail));
    }

    private static (int Code, string Output, string Error) Run(string[] words, string? fallback = null, Command? command = null)
    {
        Option<int> batch = Words.Integer("--batch", "how many", 64, 1, 100);
        Option<string?> file = Words.Text("--output", "FILE", "where to");
        command ??= new Command("go", "Goes.") { batch, file }.Does((parsed, terminal) =>
        {
            terminal.Out.WriteLine($"{parsed.GetValue(batch)} {parsed.GetValue(file)}");
            return Shell.Success;
        });
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Shell.Run(Shell.Program("Test", "Tests.", command), words, new Terminal(output, error, interactive: false), fallback);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
