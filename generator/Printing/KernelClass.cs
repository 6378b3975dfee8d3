using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Printing;

/// <summary>
/// The class inside of a program's class that has its kernels, and the functions that they call. Kernels are named after layers: in a
/// class of their own they cannot hide members of the program. The class has no fields, so that the JIT never adds a check of whether it
/// is initialised. <see cref="Once"/> is a member of the program's base.
/// </summary>
internal sealed class KernelClass
{
    /// <summary>The name of the class.</summary>
    public const string Name = "Kernel";

    /// <summary>The name of the class with kernels whose vectors are shorter than the program's.</summary>
    public const string Narrow = "NarrowKernel";

    /// <summary>
    /// The constant with the options of methods that are compiled once. It is a member of the program, whose own methods have it in their
    /// attributes, too.
    /// </summary>
    public const string Once = "Once";

    /// <summary>What closes the class and the program's.</summary>
    public const string End = "}}\n";

    private readonly KernelMethods _kernels;
    private readonly Dictionary<KernelMethod, PrintedMethod> _methods;

    private KernelClass(KernelMethods kernels, IReadOnlyCollection<PrintedMethod> methods)
    {
        (_kernels, Methods) = (kernels, methods.ToEquatableArray());
        _methods = kernels.All.Zip(methods, (kernel, method) => (kernel, method))
            .ToDictionary(pair => pair.kernel, pair => pair.method, ReferenceComparer<KernelMethod>.Instance);
    }

    /// <summary>The methods of all kernels, in the order of their first use.</summary>
    public EquatableArray<PrintedMethod> Methods { get; }

    /// <inheritdoc cref="KernelMethods.IsLarge"/>
    public bool AreMany => _kernels.IsLarge;

    /// <summary>The method of a kernel, and the numbers that are passed to it after the kernel's own arguments.</summary>
    public (PrintedMethod Method, IReadOnlyList<(int Value, bool IsFloat)> Extents) this[Kernel kernel]
    {
        get
        {
            (KernelMethod method, EquatableArray<int> extents) = _kernels[kernel];
            IEnumerable<Parameter> parameters = method.Nest.Parameters.Skip(method.Nest.Parameters.Count - extents.Count);
            return (_methods[method],
                [.. extents.Zip(parameters, (value, p) => (value, p is ValueParameter { Type: var type } && type == ElementType.Float))]);
        }
    }

    /// <summary>Opens the class, and a part of the program's, in one line: kernels are not indented twice.</summary>
    /// <param name="name">The name of the class.</param>
    public static string BeginningIn(string program, string name = Name) =>
        $"partial class {program} {{ internal static partial class {name}\n{{\n";

    /// <summary>Prints the methods, each with a name of its own.</summary>
    public static KernelClass Print(KernelMethods kernels, CancellationToken cancellationToken)
    {
        var functions = new PrintedFunctions();
        PrintedMethod[] methods = [.. kernels.All.Select(kernel =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return NestPrinter.Print(kernel, functions);
        })];
        return new KernelClass(kernels, Named(methods, functions.Methods.Values));
    }

    /// <summary>
    /// Gives each kernel a name of its own. A method must not be called like the class, or like a type that the code refers to: C# would
    /// find the method first.
    /// </summary>
    private static List<PrintedMethod> Named(PrintedMethod[] kernels, IReadOnlyCollection<PrintedMethod> functions)
    {
        HashSet<string> taken = [Name, Narrow, Once, nameof(MethodImplOptions), .. ShortMethods.Names, .. NameCheck.ObjectMembers];
        AddTypes(ShortMethods.Text, taken);
        foreach (PrintedMethod method in kernels.Concat(functions))
        {
            Cancellation.ThrowIfRequested();
            AddTypes(method.Code, taken);
        }

        // Several functions of one name have different parameters.
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        HashSet<string> names = [.. functions.Select(function => function.Name)];
        foreach (string name in names.Where(taken.Contains))
        {
            renamed.Add(name, Unique(name, [.. taken, .. names, .. renamed.Values]));
        }

        taken.UnionWith(names);
        taken.UnionWith(renamed.Values);
        var named = new List<PrintedMethod>();
        foreach (PrintedMethod kernel in kernels)
        {
            string name = Unique(kernel.Name, taken);
            taken.Add(name);
            named.Add(kernel.Renamed(name, renamed));
        }

        return named;
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; taken.Contains(unique); i++)
        {
            unique = $"{name}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return unique;
    }

    /// <summary>Adds the types whose members some code calls: the names before a dot, but not behind another one.</summary>
    private static void AddTypes(string code, HashSet<string> types)
    {
        for (int dot = code.IndexOf('.'); dot >= 0; dot = code.IndexOf('.', dot + 1))
        {
            int first = dot;
            while (char.IsLetterOrDigit(code[first - 1]) || code[first - 1] == '_')
            {
                first--;
            }

            if (char.IsUpper(code[first]) && code[first - 1] != '.')
            {
                types.Add(code.Substring(first, dot - first));
            }
        }
    }
}
