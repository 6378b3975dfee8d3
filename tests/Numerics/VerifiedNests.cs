using System.Runtime.CompilerServices;
using Strata.Compiler.KernelLanguage;

namespace Strata.Numerics.Tests;

/// <summary>Every kernel that a test of this assembly compiles is verified.</summary>
internal static class VerifiedNests
{
    [ModuleInitializer]
    internal static void Verify() => NestVerifier.IsOn = true;
}
