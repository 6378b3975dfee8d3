using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Strata.Onnx;

namespace Strata.Tool;

/// <summary>The command <c>strata</c>.</summary>
internal static class Program
{
    private const int Success = 0, Failure = 1, UsageError = 2;

    private static int Main(string[] arguments)
    {
        var root = new RootCommand(
            "Runs and describes ONNX files, turns them into C# classes for Strata, networks into ONNX files, and the weights of "
            + "PyTorch and Keras into safetensors.")
        {
            RunCommand.Create(), BenchCommand.Create(), DescribeCommand.Create(), ImportCommand.Create(), ExportCommand.Create(),
            ConvertCommand.Create(),
        };

        // Without a command, show what there is.
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine(string.Join(' ', parsed.Errors.Select(error => error.Message)));
            return UsageError;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (IsForUsers(e))
        {
            Console.Error.WriteLine(e.Message);
            return Failure;
        }
    }

    /// <summary>Whether an exception's message tells users what is wrong with what they asked for.</summary>
    public static bool IsForUsers(Exception exception) =>
        exception is ToolException or OnnxFormatException or UnsupportedOnnxException or NetworkException or WeightsFormatException
            or NotSupportedException or ArgumentException or IOException or UnauthorizedAccessException;

    /// <summary>Wraps what a command does.</summary>
    public static Command Does(this Command command, Action<ParseResult> action)
    {
        command.SetAction(parsed =>
        {
            action(parsed);
            return Success;
        });
        return command;
    }
}
