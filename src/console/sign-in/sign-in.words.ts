import type { Language } from '../../domain/language.js';

export const signInWords = {
  en: {
    title: 'Sign in',
    intro: 'We send a link to your e-mail address. You need no password.',
    goOn: 'After signing in, you go on to the page that you asked for.',
    email: 'E-mail address',
    send: 'Send me a link',
    tokenTitle: 'Use an access token',
    tokenIntro: 'For users without a mailbox, e.g. the first administrator after the installation.',
    token: 'Access token',
    tokenSend: 'Sign in with the token',

    sentTitle: 'Look into your mailbox',
    sent: 'We have sent a link if the address is known. It works once, within 15 minutes, in this browser.',
    sentNothing:
      'No mail? Look into the spam folder, and check the address. Your administrator can tell you which address is registered.',
    sentToFiles: 'This installation sends no mails: they are files in the folder “mailbox” of its data folder.',
    again: 'Ask for another link',

    invitationTitle: 'Welcome to the TRM console',
    invitation: '{name}, this invitation signs you in. It works once.',
    invitationLater: 'Later, you sign in with a link that we send to your e-mail address.',
    enter: 'Sign in',

    newLink: 'Ask for a new link',
    signedOut: 'You are signed out.',
  },
  ja: {
    title: 'サインイン',
    intro: 'ご登録のメールアドレスにリンクをお送りします。パスワードは不要です。',
    goOn: 'サインイン後、ご覧になろうとしたページに進みます。',
    email: 'メールアドレス',
    send: 'リンクを送信',
    tokenTitle: 'アクセストークンを使う',
    tokenIntro: 'インストール直後の最初の管理者など、メールを受信できない方向けです。',
    token: 'アクセストークン',
    tokenSend: 'トークンでサインイン',

    sentTitle: 'メールをご確認ください',
    sent: 'ご登録のあるアドレスの場合、リンクをお送りしました。リンクは、このブラウザーで、15分以内に一度だけお使いいただけます。',
    sentNothing:
      'メールが届かない場合は、迷惑メールフォルダーとアドレスをご確認ください。ご登録のアドレスは管理者にお問い合わせください。',
    sentToFiles:
      'この環境ではメールは送信されず、データフォルダー内の mailbox フォルダーにファイルとして保存されます。',
    again: 'リンクを再度申し込む',

    invitationTitle: 'TRM コンソールへようこそ',
    invitation: '{name} 様、このご招待でサインインできます。ご利用は一度限りです。',
    invitationLater: '次回以降は、ご登録のメールアドレスにお送りするリンクでサインインします。',
    enter: 'サインイン',

    newLink: '新しいリンクを申し込む',
    signedOut: 'サインアウトしました。',
  },
} as const satisfies Record<Language, Record<string, string>>;
