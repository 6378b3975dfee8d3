using System;
using System.IO;
using System.Linq;

namespace Strata.KernelBuild;

/// <summary>
/// The program that build/Strata.Kernels.targets calls: before the C# compiler for the assembly that the app refers to, and after it.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            return Run(args);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(IsExpected))
        {
            return exception.InnerExceptions.Max(Report);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return Report(exception);
        }
    }

    private static int Run(string[] args)
    {
        switch (args)
        {
            case ["index", var assembly, var type, var file]:
                KernelFolder.WriteIndex(file, assembly, type);
                return 0;
            case ["compile", var app, var assembly, var type, var folder]:
                new KernelFolder(folder, assembly, type).Compile(DeclaredNetwork.In(app));
                return 0;
            default:
                Console.Error.WriteLine("index ASSEMBLY CLASS FILE | compile APP ASSEMBLY CLASS FOLDER");
                return 2;
        }
    }

    private static bool IsExpected(Exception exception) =>
        exception is KernelException or IOException or InvalidDataException or UnauthorizedAccessException;

    /// <summary>Writes an error in the form in which MSBuild finds it.</summary>
    private static int Report(Exception exception)
    {
        string id = exception is KernelException { Id.Length: > 0 } one ? " " + one.Id : "";
        Console.Error.WriteLine($"Strata : error{id}: {exception.Message.ReplaceLineEndings(" ")}");
        return 1;
    }
}
