import { createElement } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Publishing, Subject } from '../model/publishing';
import type { Workspace } from '../model/workspace';
import { healthOf } from '../parts/health';
import { CommandIDs } from '../tokens/names';
import { PublishForm } from './publish';

export interface PublishOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  trans: TranslationBundle;
  subject: Subject;
  /** Saves the notebook where it is open and has unsaved edits. */
  save: () => Promise<void>;
}

/** The content of a *Use this version* tab. */
export class PublishWidget extends ReactWidget {
  constructor(private readonly options: PublishOptions) {
    super();
    const { workspace, subject } = options;
    this.addClass('jns-Widget');
    this.publishing = new Publishing(workspace.server, workspace.feed, subject);
    this.publishing.changed.connect(() => this.update());
    workspace.statusChanged.connect(this.update, this);
    void workspace.check();
  }

  readonly publishing: Publishing;

  override dispose(): void {
    this.publishing.dispose();
    super.dispose();
  }

  /** What it is about may have been edited since it was last seen. */
  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this._look();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this._look();
  }

  protected render(): JSX.Element {
    const { workspace, commands, trans, subject } = this.options;
    const { publishing } = this;
    return createElement(PublishForm, {
      health: healthOf(workspace, null),
      publishing,
      onTry: () => void this._saved(() => publishing.try()),
      onPublish: () => void this._saved(() => publishing.publish()),
      onCancel: () => void publishing.cancelTrial(),
      onOpen: run => void commands.execute(CommandIDs.openRun, { run }),
      onRetry: () => 'run' in subject && void this._retry(subject),
      trans
    });
  }

  private async _look(): Promise<void> {
    const { publishing } = this;
    if (this.isVisible && !publishing.done && !publishing.trying) {
      await this._saved(() => publishing.look());
    }
  }

  private async _saved(act: () => Promise<void>): Promise<void> {
    await this.options.save();
    await act();
  }

  /** With the copy itself: the notebook in the workspace may not have the fix. */
  private async _retry({ run, notebook }: { run: string; notebook: string }): Promise<void> {
    const { commands } = this.options;
    await commands.execute(CommandIDs.retryRun, { run, notebook });
    this.parent?.dispose();
  }
}
