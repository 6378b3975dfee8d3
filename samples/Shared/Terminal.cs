using System;
using System.IO;
using Spectre.Console;

namespace Samples;

/// <summary>
/// Where a command writes. Only an interactive terminal gets colours and a display that redraws;
/// files and pipes get plain lines.
/// </summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where error messages go.</param>
/// <param name="interactive">Whether somebody looks at it while it is written.</param>
/// <param name="width">Characters of a line; 0 takes the window's, and no limit where there is none.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool interactive, int width = 0)
{
    /// <summary>Wider than any table: pipes and files have no edge at which a line would have to break.</summary>
    private const int Unlimited = 1000;

    private IAnsiConsole? _rich;

    public TextWriter Out => output;

    public TextWriter Error => error;

    public bool Interactive => interactive;

    /// <summary>Spectre.Console on the same output. Made when first used, since loading it takes longer than a prediction.</summary>
    public IAnsiConsole Rich => _rich ??= interactive && width == 0 ? AnsiConsole.Console : Plain();

    /// <summary>Characters of a line.</summary>
    public int Width => width > 0 ? width : interactive ? Rich.Profile.Width : Unlimited;

    /// <summary>The process's own standard output and error streams.</summary>
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

    private IAnsiConsole Plain()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = Width;
        return console;
    }
}
