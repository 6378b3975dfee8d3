using System;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Strata.Generator.Reading;

/// <summary>
/// What decides the meaning of names and the values of constants in a compilation: its references and options, and the declarations of
/// all its files without the bodies of methods and without the attributes of classes. Compilations that agree in this share one object.
/// So a keystroke in a method's body, or in the attributes of one class, leaves what was read of other classes valid.
/// </summary>
/// <remarks>It holds syntax trees, which hold no compilation. Only trees and compilations hold it, weakly.</remarks>
internal sealed class Surroundings
{
    private static readonly ConditionalWeakTable<Compilation, Surroundings> Known = new();
    private static readonly ConditionalWeakTable<SyntaxTree, Holder> Latest = new();

    private readonly CompilationOptions _options;
    private readonly string? _assembly;

    // Weakly: in an editor, the reference to another project is its compilation.
    private readonly WeakReference<MetadataReference>[] _references;

    // The trees of the compilation that came last. Those before it are not kept alive.
    private volatile SyntaxTree[] _trees;

    private Surroundings(Compilation compilation)
    {
        (_options, _assembly) = (compilation.Options, compilation.AssemblyName);
        _references = [.. compilation.References.Select(reference => new WeakReference<MetadataReference>(reference))];
        _trees = [.. compilation.SyntaxTrees];
    }

    /// <summary>The surroundings of all classes of a compilation.</summary>
    public static Surroundings Of(Compilation compilation) => Known.GetValue(compilation, static known => Find(known));

    private static Surroundings Find(Compilation compilation)
    {
        Surroundings? found = null;
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (Latest.TryGetValue(tree, out Holder holder) && holder.Value is { } candidate)
            {
                found = candidate.Accepts(compilation) ? candidate : null;
                break;
            }
        }

        found ??= new Surroundings(compilation);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            Latest.GetOrCreateValue(tree).Value = found;
        }

        return found;
    }

    /// <summary>Whether a later compilation has the same surroundings.</summary>
    private bool Accepts(Compilation compilation)
    {
        SyntaxTree[] before = _trees, after = [.. compilation.SyntaxTrees];
        if (before.Length != after.Length || compilation.AssemblyName != _assembly || !compilation.Options.Equals(_options)
            || !HasReferences(compilation))
        {
            return false;
        }

        for (int i = 0; i < after.Length; i++)
        {
            if (before[i] != after[i] && !Agree(before[i], after[i]))
            {
                return false;
            }
        }

        _trees = after;
        return true;
    }

    private bool HasReferences(Compilation compilation)
    {
        int count = 0;
        foreach (MetadataReference reference in compilation.References)
        {
            if (count >= _references.Length || !_references[count].TryGetTarget(out MetadataReference known) || known != reference)
            {
                return false;
            }

            count++;
        }

        return count == _references.Length;
    }

    /// <summary>Whether two versions of a file declare the same. Parts that are the same objects are not compared.</summary>
    private static bool Agree(SyntaxTree before, SyntaxTree after)
    {
        if (before.FilePath != after.FilePath || !before.Options.Equals(after.Options)
            || before.GetRoot() is not CompilationUnitSyntax old || after.GetRoot() is not CompilationUnitSyntax unit)
        {
            return false;
        }

        // Attributes of the assembly may suppress problems, and a file's statements make a class of it.
        return old.Members.Any(SyntaxKind.GlobalStatement) == unit.Members.Any(SyntaxKind.GlobalStatement)
            && SyntaxFactory.AreEquivalent(old.AttributeLists, unit.AttributeLists, topLevel: false)
            && SyntaxFactory.AreEquivalent(old, unit, static kind =>
                kind is SyntaxKind.Block or SyntaxKind.ArrowExpressionClause or SyntaxKind.AttributeList or SyntaxKind.GlobalStatement);
    }

    private sealed class Holder
    {
        public Surroundings? Value { get; set; }
    }
}
