using System;

namespace Microsoft.Build.Framework;

/// <summary>
/// MSBuild knows the attribute by its full name: tasks that carry it share a process in multithreaded builds, others are moved
/// to one of their own. They must not use the current directory, change the environment, or keep state in statics.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute
{
}
