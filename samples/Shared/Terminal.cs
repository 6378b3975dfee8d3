using System;
using System.IO;
using Spectre.Console;

namespace Samples;

/// <summary>
/// Where a command writes. Only an interactive terminal gets colours and a display that redraws;
/// files and pipes get plain lines.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool interactive)
{
    private IAnsiConsole? _rich;

    public TextWriter Out => output;

    public TextWriter Error => error;

    public bool Interactive => interactive;

    /// <summary>Spectre.Console on the same output. Made when first used, since loading it takes longer than a prediction.</summary>
    public IAnsiConsole Rich => _rich ??= interactive
        ? AnsiConsole.Console
        : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });

    /// <summary>The process's own.</summary>
    public static Terminal Open()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = System.Text.Encoding.UTF8;
        }

        bool plain = Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("TERM") == "dumb"
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, !plain);
    }
}
