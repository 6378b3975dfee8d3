using System;
using System.IO;
using System.Linq;
using Strata.KernelBuild;

// build/Strata.Kernels.targets calls this twice: before the C# compiler for the assembly that the app refers to, and after it.
try
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
catch (AggregateException exception) when (exception.InnerExceptions.All(IsExpected))
{
    foreach (Exception one in exception.InnerExceptions)
    {
        Report(one);
    }

    return 1;
}
catch (Exception exception) when (IsExpected(exception))
{
    Report(exception);
    return 1;
}

static bool IsExpected(Exception exception) =>
    exception is KernelException or IOException or InvalidDataException or UnauthorizedAccessException;

// The form in which MSBuild finds errors.
static void Report(Exception exception)
{
    string id = exception is KernelException { Id.Length: > 0 } one ? " " + one.Id : "";
    Console.Error.WriteLine($"Strata : error{id}: {exception.Message.ReplaceLineEndings(" ")}");
}
