using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Generator.Printing;

/// <summary>The class of a tier's programs, before it is known which of its kernels another class has.</summary>
/// <param name="FilePrefix">What the names of its files begin with.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Namespace">Where the class is.</param>
/// <param name="Class">Its name.</param>
/// <param name="Header">The directives that its files begin with.</param>
/// <param name="Members">The class up to its kernels.</param>
/// <param name="Kernels">The methods of its kernels.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="MayShare">Whether another class may have its methods, and it those of another. Their calls are marked then.</param>
internal sealed record ProgramText(
    string FilePrefix, string Network, string Namespace, string Class, string Header, string Members, EquatableArray<PrintedMethod> Kernels, int Lanes, bool MayShare)
{
    /// <summary>Characters of kernels in one file; a longer file would be slow in editors.</summary>
    private const int LongestKernels = 300_000;

    /// <summary>What stands behind a method's name: its arguments, or the next of a list.</summary>
    private static readonly char[] NameEnds = ['(', ',', ']'];

    public string FullName => $"{Namespace}.{Class}";

    /// <summary>The program, and behind it further files with kernels where one would be too long.</summary>
    /// <param name="places">Where its methods stand; null where all of them stand here.</param>
    public IReadOnlyList<SourceFile> Files(MethodPlaces? places = null)
    {
        places ??= new MethodPlaces(FullName, EquatableArray<BorrowedMethod>.Empty, EquatableArray<string>.Empty);
        Dictionary<string, string> aliases = AliasesOf(places);
        var names = places.Borrowed.ToDictionary(method => method.Name, method => $"{aliases[method.Class]}.{method.NameThere}", StringComparer.Ordinal);
        HashSet<string> lent = [.. places.Lent];
        string header = Header + string.Concat(aliases.Select(alias => $"using {alias.Value} = global::{alias.Key};\n")) + "\n";
        PrintedMethod[] kernels = [.. Kernels.Where(kernel => !names.ContainsKey(kernel.Name))];
        List<StringBuilder> files = [new StringBuilder(header).Append(Resolve(Members, names))];
        StringBuilder file = files[0];
        int start = file.Length;
        foreach (PrintedMethod kernel in kernels)
        {
            if (file.Length - start > LongestKernels)
            {
                files.Add(file = new StringBuilder(header).Append($"// More kernels.\npartial class {Class}\n{{\n"));
                start = file.Length;
            }
            else
            {
                file.Append('\n');
            }

            Append(file, kernel);
        }

        foreach (PrintedMethod method in CallsOf(kernels, names))
        {
            files[0].Append('\n');
            Append(files[0], method);
        }

        return [.. files.Select((text, i) => new SourceFile(
            $"{FilePrefix}{(i == 0 ? "" : ".Kernels" + i.ToString(CultureInfo.InvariantCulture))}.g.cs", text.Append("}\n").ToString()))];

        void Append(StringBuilder text, PrintedMethod method) => text.Append(Resolve(method.Text(lent.Contains(method.Name)), names));
    }

    /// <summary>What methods call, and what that calls, without what other classes have.</summary>
    private static IEnumerable<PrintedMethod> CallsOf(IEnumerable<PrintedMethod> methods, Dictionary<string, string> elsewhere) =>
        methods.SelectMany(method => method.Calls).Where(call => !elsewhere.ContainsKey(call.Name))
            .SelectMany(call => CallsOf([call], elsewhere).Append(call)).Distinct();

    /// <summary>Names for the classes whose methods are called here, by the classes' own names.</summary>
    private Dictionary<string, string> AliasesOf(MethodPlaces places)
    {
        // A member of the class that was called the same would come first.
        HashSet<string> taken = [.. TierWriter.ReservedNames, .. Kernels.Select(kernel => kernel.Name)];
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (BorrowedMethod method in places.Borrowed.Where(method => !aliases.ContainsKey(method.Class)))
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

    /// <summary>A text with the names of methods as they are called here, in place of the marked ones.</summary>
    private static string Resolve(string text, Dictionary<string, string> names)
    {
        int mark = text.IndexOf(PrintedMethod.CallMark);
        if (mark < 0)
        {
            return text;
        }

        var resolved = new StringBuilder(text.Length);
        int end = 0;
        for (; mark >= 0; mark = text.IndexOf(PrintedMethod.CallMark, end))
        {
            resolved.Append(text, end, mark - end);
            end = text.IndexOfAny(NameEnds, mark);
            string name = text.Substring(mark + 1, end - mark - 1);
            resolved.Append(names.TryGetValue(name, out string? there) ? there : name);
        }

        return resolved.Append(text, end, text.Length - end).ToString();
    }
}
