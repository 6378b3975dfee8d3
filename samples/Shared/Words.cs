using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace Samples;

/// <summary>Options and arguments that check themselves, and those that the programs share.</summary>
internal static class Words
{
    public static Option<int> Threads { get; } = Integer("--threads", "0 for one per processor", 0, 0, 1024);

    /// <summary>A word that is no option.</summary>
    /// <param name="name">What help calls it.</param>
    /// <param name="description">What it is.</param>
    /// <param name="required">Whether it must be given.</param>
    public static Argument<string?> Argument(string name, string description, bool required = true)
    {
        var argument = new Argument<string?>(name)
        {
            Description = description,
            Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    /// <summary>An option whose value is text, such as the name of a file.</summary>
    public static Option<string?> Text(string name, string value, string description, bool required = false)
    {
        var option = new Option<string?>(name) { HelpName = value, Description = description, Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" or ['-', '-', ..] }])
            {
                result.AddError($"{name} needs a value");
            }
        });
        return option;
    }

    /// <summary>An option that names a PNG file.</summary>
    public static Option<string?> Picture(string name, string description, bool required = false)
    {
        Option<string?> option = Text(name, "FILE", description, required);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var file }] && !file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            {
                result.AddError($"{name} writes a PNG file, whose name ends in .png, not '{file}'");
            }
        });
        return option;
    }

    /// <summary>An option whose value is a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is.</param>
    /// <param name="fallback">The number if it is not given; null for 0, of which help says nothing.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The greatest.</param>
    public static Option<int> Integer(string name, string description, int? fallback, int min, int max) =>
        Value(name, "N", description, fallback, $"a whole number from {min} to {max}",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= min && value <= max ? value : null);

    /// <summary>An option whose value is not any text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What help calls the value.</param>
    /// <param name="description">What it is.</param>
    /// <param name="fallback">The value if it is not given; null for the type's default, of which help says nothing.</param>
    /// <param name="range">What values there are, for a message.</param>
    /// <param name="read">Reads the value; null if there is no such value.</param>
    public static Option<T> Value<T>(string name, string value, string description, T? fallback, string range, Func<string, T?> read)
        where T : struct
    {
        var option = new Option<T>(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens.Single().Value;
                if (read(text) is { } known)
                {
                    return known;
                }

                result.AddError($"{name} takes {range}, not '{text}'");
                return default;
            },
        };
        if (fallback is { } usual)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    /// <summary>The seed of something.</summary>
    public static Option<int> Seed(string of) => Integer("--seed", of, 1, 0, int.MaxValue);

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Unknown options would be taken for arguments.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: ['-', ..] and var word }])
        {
            result.AddError($"unknown option '{word}'");
        }
    }
}
