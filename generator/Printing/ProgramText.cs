using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;

namespace Strata.Generator.Printing;

/// <summary>The class of a tier's programs, as long as it is open which of its kernels are in another class.</summary>
/// <param name="FilePrefix">The beginning of its files' names.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Namespace">Where the class is.</param>
/// <param name="Class">Its name.</param>
/// <param name="Header">The directives that its files begin with.</param>
/// <param name="Program">The class without its kernels.</param>
/// <param name="Kernels">The methods of its kernels.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="MayShare">Whether its methods may be in another class, and another class's methods in it.</param>
internal sealed record ProgramText(
    string FilePrefix, string Network, string Namespace, string Class, string Header, string Program,
    EquatableArray<PrintedMethod> Kernels, int Lanes, bool MayShare)
{
    /// <summary>The most characters of kernels in one file. Editors are slow with longer files.</summary>
    private const int LongestKernels = 300_000;

    /// <summary>The directives of a file with kernels whose vectors are shorter.</summary>
    public string NarrowHeader { get; init; } = "";

    /// <summary>The name of the class with its kernels.</summary>
    public string KernelClassName { get; } = $"{Namespace}.{Class}.{KernelClass.Name}";

    /// <summary>Whether a kernel's vectors are shorter than those of the program.</summary>
    public bool IsNarrow(PrintedMethod kernel) => kernel.Lanes > 0 && kernel.Lanes < Lanes;

    /// <summary>The file of the program, followed by more files with kernels if one would be too long.</summary>
    /// <param name="borrowed">The methods that it calls in other classes; null for none.</param>
    public IReadOnlyList<SourceFile> Files(BorrowedMethods? borrowed, CancellationToken cancellationToken)
    {
        EquatableArray<BorrowedMethod> methods = borrowed?.Methods ?? EquatableArray<BorrowedMethod>.Empty;
        Dictionary<string, string> aliases = AliasesOf(methods);
        var places = methods.ToDictionary(method => method.Name, method => $"{aliases[method.Class]}.{method.NameThere}",
            StringComparer.Ordinal);
        string header = Header + string.Concat(aliases.Select(alias => $"using {alias.Value} = global::{alias.Key};\n")) + "\n";
        PrintedMethod[] narrow = [.. Kernels.Where(IsNarrow)],
            kernels = [.. Kernels.Where(kernel => !IsNarrow(kernel) && !places.ContainsKey(kernel.Name))];
        var called = new Dictionary<string, string>(places, StringComparer.Ordinal);
        foreach (PrintedMethod method in narrow.Concat(CallsOf(narrow, [])).Except(CallsOf(kernels, places)))
        {
            called[method.Name] = $"{KernelClass.Narrow}.{method.Name}";
        }

        var file = new StringBuilder(header);
        PrintedMethod.Append(file, Program, called, home: KernelClass.Name + ".");
        file.Append("\n// The kernels. Where they take first and end, they do these items only: several threads may share a step.\n")
            .Append(KernelClass.BeginningIn(Class)).Append(ShortMethods.Text).Append('\n');
        List<StringBuilder> files = [file];
        int start = file.Length;
        foreach (PrintedMethod kernel in kernels)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Length - start > LongestKernels)
            {
                files.Add(file = new StringBuilder(header).Append("// More kernels.\n").Append(KernelClass.BeginningIn(Class)));
                start = file.Length;
            }
            else if (file.Length > start)
            {
                file.Append('\n');
            }

            kernel.AppendTo(file, places);
        }

        foreach (PrintedMethod method in CallsOf(kernels, places))
        {
            files[0].Append('\n');
            method.AppendTo(files[0], places);
        }

        return
        [
            .. files.Select((text, i) => new SourceFile(
                $"{FilePrefix}{(i == 0 ? "" : ".Kernels" + i.ToString(CultureInfo.InvariantCulture))}.g.cs",
                text.Append(KernelClass.End).ToString())),
            .. narrow.Length > 0 ? [NarrowFile(narrow)] : Enumerable.Empty<SourceFile>(),
        ];
    }

    /// <summary>The file with kernels whose vectors are shorter: names of vectors stand for those there.</summary>
    private SourceFile NarrowFile(PrintedMethod[] kernels)
    {
        var file = new StringBuilder(NarrowHeader).Append("\n// Kernels of shorter vectors, which multiply integers.\n")
            .Append(KernelClass.BeginningIn(Class, KernelClass.Narrow)).Append(ShortMethods.Text);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (PrintedMethod method in kernels.Concat(CallsOf(kernels, places)))
        {
            file.Append('\n');
            method.AppendTo(file, places);
        }

        return new SourceFile($"{FilePrefix}.{KernelClass.Narrow}s.g.cs", file.Append(KernelClass.End).ToString());
    }

    /// <summary>
    /// All methods that some methods call, directly or not, except those in other classes. Inlined methods are in each class that calls
    /// them.
    /// </summary>
    private static IEnumerable<PrintedMethod> CallsOf(IEnumerable<PrintedMethod> methods, Dictionary<string, string> places) =>
        methods.SelectMany(method => method.Calls).Where(call => call.IsInlined || !places.ContainsKey(call.Name))
            .SelectMany(call => CallsOf([call], places).Append(call)).Distinct();

    /// <summary>The aliases of the classes whose methods are called here, by the classes' names.</summary>
    private Dictionary<string, string> AliasesOf(EquatableArray<BorrowedMethod> methods)
    {
        // A method that was called the same would come first.
        HashSet<string> taken = [.. Kernels.SelectMany(kernel => kernel.AllCalls.Prepend(kernel)).Select(method => method.Name)];
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (BorrowedMethod method in methods.Where(method => !aliases.ContainsKey(method.Class)))
        {
            string alias = $"{method.Network}Kernels";
            for (int i = 2; !taken.Add(alias); i++)
            {
                alias = $"{method.Network}Kernels{i.ToString(CultureInfo.InvariantCulture)}";
            }

            aliases.Add(method.Class, alias);
        }

        return aliases;
    }
}
